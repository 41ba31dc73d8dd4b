// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.grant;

import dev.postrider.model.destination.Authentication;
import dev.postrider.model.secret.Sealed;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an issuer has granted to a destination, as far as others may know.
 *
 * @param version 0 before it is stored, and one more with every change
 * @param epoch one more whenever what was granted has become void
 * @param at since when it is as it is
 * @param accessToken null while there is none
 * @param expiresAt of the access token; null where the issuer does not say
 */
public record Grant(
    long version,
    long epoch,
    Status status,
    @Nullable String reason,
    Instant at,
    @Nullable Sealed accessToken,
    @Nullable Instant expiresAt,
    Links links) {

  /** Where an issuer finds us. */
  public record Links(String callback, @Nullable String keys) {}

  /** O25 of the feature list. */
  public enum Status {
    /** Nobody has agreed yet, or what was agreed to is void. */
    NOT_AUTHORIZED,
    /** Somebody has been asked to agree, or the issuer for its first token. */
    PENDING,
    /** There is a token, and it can be renewed. */
    AUTHORIZED,
    /** What there was can be renewed no more: somebody has to agree again. */
    EXPIRED,
    /** Somebody was asked and did not agree. */
    DENIED,
    /** The issuer does not accept us as we are configured. */
    ERROR;

    /** As in the database and in answers. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The one of that label. */
    static Status of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /** Whether it is new, and replaces whatever is stored. */
  boolean begins() {
    return version == 0;
  }

  /** Whether requests can be sent with it, as far as is known. */
  public boolean usable() {
    return accessToken != null;
  }

  Grant with(Links others) {
    return new Grant(version, epoch, status, reason, at, accessToken, expiresAt, others);
  }

  /** As the worker gets it. */
  public Authentication.OAuth2 token() {
    return new Authentication.OAuth2(accessToken, expiresAt);
  }

  /** Adds what answers say of it; none of it is a secret. */
  public void describe(ObjectNode authentication) {
    authentication
        .put("status", status.label())
        .put("status_at", at.toString())
        .put("status_reason", reason)
        .put("callback_url", links.callback());
    if (links.keys() != null) {
      authentication.put("jwks_url", links.keys());
    }
  }
}
