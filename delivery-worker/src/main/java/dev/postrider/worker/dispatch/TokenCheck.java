// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.destination.Authentication;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a destination whose token an issuer gives has one that can be sent.
 *
 * <pre>
 *   none, expired, or refused by the receiver ─► everything waits for a snapshot with another
 *   401 ─► the token counts as refused and the delivery waits, without using up an attempt;
 *          but an attempt like any other
 *            for a delivery that has waited for a token already, and
 *            with a token that came within a minute after one that was refused
 * </pre>
 *
 * So a receiver that says 401 whatever it is shown costs a renewal a minute, and its deliveries
 * come to their end. Not thread-safe: the dispatcher's thread owns it.
 */
final class TokenCheck {

  /** What is to be renewed is, within seconds, if it can be. */
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(5);

  /** Somebody has to be asked, and that takes him longer. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private static final Duration JUST_NOW = Duration.ofMinutes(1);

  private Authentication.@Nullable OAuth2 refused;
  private @Nullable Instant refusedAt;

  /** Whether nothing can be sent with it now. */
  boolean bars(Authentication authentication, Instant now) {
    return authentication instanceof Authentication.OAuth2 token
        && (token.accessToken() == null || expired(token, now) || token.equals(refused));
  }

  private static boolean expired(Authentication.OAuth2 token, Instant now) {
    return token.expiresAt() != null && !now.isBefore(token.expiresAt());
  }

  /** How long to wait for another: the longer, the longer there has been none. */
  Duration pause(Authentication authentication, Instant now) {
    if (!(authentication instanceof Authentication.OAuth2 token) || token.accessToken() == null) {
      return LONGEST_WAIT;
    }
    if (token.expiresAt() == null) {
      return SHORTEST_WAIT;
    }
    Duration half = Duration.between(token.expiresAt(), now).dividedBy(2);
    return half.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : Parking.shorter(half, LONGEST_WAIT);
  }

  /**
   * The receiver has answered 401.
   *
   * @param shown what it was shown
   * @return whether that is the token's fault, for all that is known
   */
  boolean refuses(Authentication shown, Delivery delivery, Instant now) {
    if (!(shown instanceof Authentication.OAuth2 token)
        || delivery.waitedFor() == Decision.Why.AUTHORIZATION) {
      return false;
    }
    if (token.equals(refused)) {
      return true;
    }
    if (refusedAt != null && now.isBefore(refusedAt.plus(JUST_NOW))) {
      return false;
    }
    refused = token;
    refusedAt = now;
    return true;
  }
}
