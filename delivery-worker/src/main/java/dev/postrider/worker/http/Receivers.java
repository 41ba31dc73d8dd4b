// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.egress.Target;
import dev.postrider.model.egress.UrlRules;
import dev.postrider.model.egress.UrlVerdict;
import dev.postrider.model.payload.ContentFormat;
import dev.postrider.model.secret.SealBrokenException;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.secret.SecretPlace;
import dev.postrider.model.signature.SignatureScheme;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.signature.Signer;
import dev.postrider.model.signature.SigningSecret;
import dev.postrider.worker.http.Receiver.Proof;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes destinations ready to be sent to. */
final class Receivers {

  private static final Logger LOG = LoggerFactory.getLogger(Receivers.class);

  /** A key that did not open may open later, when the operator has brought the keyset. */
  private static final Duration UNTIL_NEXT_TRY = Duration.ofSeconds(5);

  private final UrlRules urls;
  private final SignatureSchemes schemes;
  private final SecretBox secrets;

  Receivers(UrlRules urls, SignatureSchemes schemes, SecretBox secrets) {
    this.urls = urls;
    this.schemes = schemes;
    this.secrets = secrets;
  }

  Receiver ready(Destination destination, Instant now) {
    Proof proof = proof(destination, now);
    Instant fresh = proof == null ? now.plus(UNTIL_NEXT_TRY) : expiry(destination.signing(), now);
    return new Receiver(destination, target(destination), proof, fresh);
  }

  private @Nullable Target target(Destination destination) {
    String url = destination.request().endpoint().toString();
    return switch (urls.judge("endpoint_url", url)) {
      case UrlVerdict.Allowed(Target target) -> target;
      case UrlVerdict.Refused _ -> null;
    };
  }

  private @Nullable Proof proof(Destination destination, Instant now) {
    Signing signing = destination.signing();
    SignatureScheme scheme =
        signing.custom() == null ? schemes.named(signing.scheme()).orElse(null) : signing.custom();
    if (scheme == null) {
      LOG.error("{}: no scheme {}", destination.id(), signing.scheme());
      return null;
    }
    SecretPlace place = Signing.placeOf(destination.tenant(), destination.id());
    try {
      List<SigningSecret> live =
          signing.keys().stream()
              .filter(key -> key.live(now))
              .map(key -> SigningSecret.existing(scheme, secrets.open(key.sealed(), place)))
              .toList();
      return new Proof(
          new Signer(scheme, live),
          Credentials.open(destination, secrets),
          new ContentFormat(destination.request(), scheme.bodyForm()));
    } catch (SealBrokenException | IllegalArgumentException e) {
      LOG.error("{} cannot be signed for: {}", destination.id(), e.getMessage());
      return null;
    }
  }

  private static Instant expiry(Signing signing, Instant now) {
    return signing.keys().stream()
        .filter(key -> key.live(now))
        .map(Signing.Key::expiresAt)
        .filter(Objects::nonNull)
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }
}
