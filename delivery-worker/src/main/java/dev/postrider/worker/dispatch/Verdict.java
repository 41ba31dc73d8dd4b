// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static dev.postrider.model.delivery.DeliveryState.DELIVERED;
import static dev.postrider.model.delivery.DeliveryState.FAILED;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.retry.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What follows from an outcome, and nothing else.
 *
 * @param counts whether the attempt is used up; faults of our own use up none
 */
record Verdict(Decision decision, boolean counts) {

  private static final int GONE = 410;
  private static final Duration AFTER_OVERLOAD = Duration.ofSeconds(5);
  private static final Duration UNTIL_REPAIRED = Duration.ofSeconds(30);

  /**
   * The ladder: accepted ends it; a fault of ours is tried again soon; 410 ends it; else the retry
   * policy decides.
   *
   * @param attempts how many were made, this one included
   */
  static Verdict on(
      Outcome outcome, int attempts, RetryPolicy policy, Instant now, RandomGenerator random) {
    return switch (outcome) {
      case Outcome.Accepted _ -> used(new Decision.Finished(DELIVERED));
      case Outcome.Refused(Outcome.Why why) when why.ours() ->
          putOff(new Decision.Parked(now.plus(pauseAfter(why)), Decision.Why.FULL));
      case Outcome.Rejected(int status, _) when status == GONE ->
          used(new Decision.Finished(FAILED));
      case Outcome.Rejected(_, Duration retryAfter) ->
          again(policy, attempts, retryAfter, now, random);
      case Outcome.Unreachable _, Outcome.Refused _ -> again(policy, attempts, null, now, random);
    };
  }

  /** Without using up an attempt. */
  static Verdict putOff(Decision.Parked decision) {
    return new Verdict(decision, false);
  }

  private static Duration pauseAfter(Outcome.Why why) {
    return why == Outcome.Why.OVERLOADED ? AFTER_OVERLOAD : UNTIL_REPAIRED;
  }

  private static Verdict again(
      RetryPolicy policy,
      int attempts,
      @Nullable Duration retryAfter,
      Instant now,
      RandomGenerator random) {
    Optional<Duration> wait = policy.waitAfter(attempts, retryAfter, random);
    return used(
        wait.<Decision>map(time -> new Decision.Parked(now.plus(time), Decision.Why.RETRY))
            .orElse(new Decision.Finished(FAILED)));
  }

  private static Verdict used(Decision decision) {
    return new Verdict(decision, true);
  }
}
