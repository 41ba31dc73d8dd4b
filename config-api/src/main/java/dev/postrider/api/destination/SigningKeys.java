// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.problem.Problem;
import dev.postrider.api.settings.Settings;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.secret.SecretPlace;
import dev.postrider.model.signature.Algorithm;
import dev.postrider.model.signature.SignatureScheme;
import dev.postrider.model.signature.SigningSecret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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

  /** How many keys may sign at a time, the current one among them. */
  private static final int MOST = 10;

  /**
   * The keys of a destination.
   *
   * @param keys newest first; none where the scheme needs none
   * @param last4 by which people tell the current key from others
   * @param publicKey the current key's public half, where it has one
   * @param shown the current key in clear, for the one answer that shows it; null when it is not
   *     new
   */
  record Held(
      List<Signing.Key> keys,
      @Nullable String last4,
      @Nullable String publicKey,
      @Nullable Secret shown) {

    static final Held NONE = new Held(List.of(), null, null, null);

    Held showing(@Nullable Secret key) {
      return new Held(keys, last4, publicKey, key);
    }

    /** Until when an older key signs as well; null when none does any more. */
    @Nullable Instant previousExpireAt(Instant now) {
      return keys.stream()
          .skip(1)
          .filter(key -> key.live(now))
          .map(Signing.Key::expiresAt)
          .filter(Objects::nonNull)
          .max(Instant::compareTo)
          .orElse(null);
    }
  }

  /** How the keys after a change come from those before it. */
  interface Keying {
    Held of(Settings settings, StoredDestination before, Instant now);
  }

  /**
   * The given key, or else the ones there are as long as they fit the scheme, or else a new one.
   */
  Held choose(Settings settings, TenantId tenant, DestinationId id, Held before) {
    SignatureScheme scheme = settings.scheme();
    if (scheme.algorithm() == Algorithm.NONE) {
      return Held.NONE;
    }
    SecretPlace place = Signing.placeOf(tenant, id);
    if (settings.givenKey() != null) {
      // Whoever gives a key has it: it is shown to nobody.
      return fresh(imported(scheme, settings.givenKey()), place, List.of()).showing(null);
    }
    return kept(before, scheme, place)
        .orElseGet(() -> fresh(SigningSecret.generate(scheme, random), place, List.of()));
  }

  /** A new key; the one before it goes on signing beside it for a while. */
  Held rotate(Settings settings, StoredDestination before, Instant now, Duration overlap) {
    SignatureScheme scheme = settings.scheme();
    if (scheme.algorithm() == Algorithm.NONE) {
      throw Problem.of(HttpStatus.CONFLICT, "requests to this destination are not signed");
    }
    List<Signing.Key> older =
        before.keys().keys().stream()
            .filter(key -> key.live(now))
            .map(key -> key.expiresAt() == null ? expiring(key, now.plus(overlap)) : key)
            .filter(key -> key.live(now))
            .toList();
    if (older.size() >= MOST) {
      throw Problem.of(
          HttpStatus.CONFLICT, MOST + " keys sign already; let the previous ones expire first");
    }
    SecretPlace place = Signing.placeOf(before.tenant(), before.id());
    return fresh(SigningSecret.generate(scheme, random), place, older);
  }

  private static Signing.Key expiring(Signing.Key key, Instant at) {
    return new Signing.Key(key.sealed(), at);
  }

  /** The current key alone. */
  static Held currentOnly(Held before) {
    return new Held(
        before.keys().stream().limit(1).toList(), before.last4(), before.publicKey(), null);
  }

  /** The same keys, those with an outdated seal sealed with the primary key. */
  Held anew(Held before, TenantId tenant, DestinationId id) {
    SecretPlace place = Signing.placeOf(tenant, id);
    return new Held(
        before.keys().stream()
            .map(key -> new Signing.Key(box.anew(key.sealed(), place), key.expiresAt()))
            .toList(),
        before.last4(),
        before.publicKey(),
        null);
  }

  private Optional<Held> kept(Held before, SignatureScheme scheme, SecretPlace place) {
    if (before.keys().isEmpty()) {
      return Optional.empty();
    }
    try {
      SigningSecret current = null;
      for (Signing.Key key : before.keys().reversed()) {
        current = SigningSecret.existing(scheme, box.open(key.sealed(), place));
      }
      String publicKey = current == null ? null : current.publicKey().orElse(null);
      return Optional.of(new Held(before.keys(), before.last4(), publicKey, null));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // a key is not of the new scheme's form
    }
  }

  private Held fresh(SigningSecret secret, SecretPlace place, List<Signing.Key> older) {
    Signing.Key current = new Signing.Key(box.seal(secret.text(), place), null);
    return new Held(
        Stream.concat(Stream.of(current), older.stream()).toList(),
        secret.last4(),
        secret.publicKey().orElse(null),
        secret.text());
  }

  private static SigningSecret imported(SignatureScheme scheme, Secret given) {
    try {
      return SigningSecret.imported(scheme, given);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("signing.secret", "signing.secret is refused: " + e.getMessage());
    }
  }
}
