// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.SecretPlace;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How we prove to the receiver who we are, beside the signature. A client certificate may stand
 * beside any of these: {@link TlsSettings}.
 */
public sealed interface Authentication {

  /** What a secret of a destination's authentication is sealed for: {@code password}, … */
  static SecretPlace placeOf(TenantId tenant, DestinationId destination, String name) {
    return new SecretPlace("destinations", tenant.value(), destination.toString(), "auth." + name);
  }

  /** We do not, or by the client certificate only. */
  record None() implements Authentication {}

  /** {@code Authorization: Basic}, in UTF-8 (RFC 7617 §2.1). */
  record Basic(String username, Sealed password) implements Authentication {}

  /** {@code Authorization: Bearer} with a token that does not change (RFC 6750 §2.1). */
  record Bearer(Sealed token) implements Authentication {}

  /** A header of the receiver's choice. */
  record ApiKey(String header, Sealed value) implements Authentication {}

  /**
   * {@code Authorization: Bearer} with a token that config-api keeps fresh.
   *
   * @param accessToken null while nobody has authorized us, or no longer
   * @param expiresAt when it stops being good for sure; null when the issuer does not say
   */
  record OAuth2(@Nullable Sealed accessToken, @Nullable Instant expiresAt)
      implements Authentication {}
}
