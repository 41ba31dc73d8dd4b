// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.retry;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What follows a failed attempt: another one after a wait, or none.
 *
 * @param backoff the waits between attempts
 * @param maxAttempts counts the first; 1 to 100, default 10
 */
public record RetryPolicy(Backoff backoff, int maxAttempts) {

  /** Ten attempts over a little more than three days. */
  public static final RetryPolicy DEFAULT = new RetryPolicy(Backoff.DEFAULT, 10);

  /** A receiver that asks for more than this with Retry-After is asked again after this. */
  public static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(24);

  /** Refuses limits out of bounds. */
  public RetryPolicy {
    if (maxAttempts < 1 || maxAttempts > 100) {
      throw new IllegalArgumentException("max_attempts must be 1 to 100: was " + maxAttempts);
    }
  }

  /**
   * The wait before the next attempt, or empty when this was the last.
   *
   * @param attempts how many were made, this one included
   * @param retryAfter what the receiver asked for; only ever makes the wait longer, up to 24 hours
   */
  public Optional<Duration> waitAfter(
      int attempts, @Nullable Duration retryAfter, RandomGenerator random) {
    if (attempts >= maxAttempts) {
      return Optional.empty();
    }
    Duration wait = backoff.after(attempts, random);
    if (retryAfter == null || retryAfter.compareTo(wait) <= 0) {
      return Optional.of(wait);
    }
    return Optional.of(
        retryAfter.compareTo(LONGEST_RETRY_AFTER) < 0 ? retryAfter : LONGEST_RETRY_AFTER);
  }
}
