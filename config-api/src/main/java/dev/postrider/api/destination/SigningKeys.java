// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.problem.Problem;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.secret.SecretPlace;
import dev.postrider.model.signature.SignatureScheme;
import dev.postrider.model.signature.SigningSecret;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes, takes over and seals signing keys. */
@Component
final class SigningKeys {

  private final SecretBox box;
  private final SecureRandom random;

  SigningKeys(SecretBox box, SecureRandom random) {
    this.box = box;
    this.random = random;
  }

  /**
   * The key of a destination.
   *
   * @param sealed null where the scheme needs none
   * @param last4 by which people tell keys apart
   * @param shown the key in clear, for the one answer that shows it; null when it is not new
   */
  record Current(@Nullable Sealed sealed, @Nullable String last4, @Nullable Secret shown) {

    static final Current NONE = new Current(null, null, null);
  }

  /** The given key, or else the one there is as long as it fits the scheme, or else a new one. */
  Current choose(Settings settings, TenantId tenant, DestinationId id, Current before) {
    SignatureScheme scheme = settings.scheme();
    if (scheme.name().equals("none")) {
      return Current.NONE;
    }
    SecretPlace place = Signing.placeOf(tenant, id);
    if (settings.givenKey() != null) {
      return fresh(imported(scheme, settings.givenKey()), place);
    }
    return kept(before, scheme, place)
        .orElseGet(() -> fresh(SigningSecret.generate(scheme, random), place));
  }

  private Optional<Current> kept(Current before, SignatureScheme scheme, SecretPlace place) {
    if (before.sealed() == null) {
      return Optional.empty();
    }
    try {
      SigningSecret.existing(scheme, box.open(before.sealed(), place));
      return Optional.of(new Current(before.sealed(), before.last4(), null));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // the key is not of the new scheme's form
    }
  }

  private Current fresh(SigningSecret secret, SecretPlace place) {
    return new Current(box.seal(secret.text(), place), secret.last4(), secret.text());
  }

  private static SigningSecret imported(SignatureScheme scheme, Secret given) {
    try {
      return SigningSecret.imported(scheme, given);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("signing.secret", "signing.secret is refused: " + e.getMessage());
    }
  }
}
