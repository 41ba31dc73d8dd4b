// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.grant;

import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.SecretPlace;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an issuer has just given, sealed.
 *
 * @param refresh null when there is none, or none but the one before
 * @param expiresAt of the access token; null where the issuer does not say
 * @param refreshAt when to go out for the next; null where there is no need to
 */
public record Tokens(
    Sealed access,
    @Nullable Sealed refresh,
    Instant grantedAt,
    @Nullable Instant expiresAt,
    @Nullable Instant refreshAt) {

  /** Where the worker opens an access token. */
  public static SecretPlace accessPlace(TenantId tenant, DestinationId id) {
    return Authentication.placeOf(tenant, id, "access_token");
  }

  /** Where refresh tokens are opened; the worker has none. */
  public static SecretPlace refreshPlace(TenantId tenant, DestinationId id) {
    return new SecretPlace("oauth_grants", tenant.value(), id.toString(), "refresh_token");
  }
}
