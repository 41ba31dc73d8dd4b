// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.retry.Backoff;
import dev.postrider.model.retry.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final RetryPolicy EVERY_MINUTE =
      new RetryPolicy(new Backoff.Fixed(Duration.ofMinutes(1)), 3);

  @Test
  void endsADeliveryThatWasAccepted() {
    assertThat(on(new Outcome.Accepted(204), 1)).isEqualTo(finished(DeliveryState.DELIVERED));
  }

  @Test
  void triesAgainAfterTheWaitOfThePolicy() {
    assertThat(on(new Outcome.Rejected(500, null), 1)).isEqualTo(retryAfter(Duration.ofMinutes(1)));
    assertThat(on(new Outcome.Rejected(404, null), 2)).isEqualTo(retryAfter(Duration.ofMinutes(1)));
    assertThat(on(new Outcome.Unreachable(Outcome.Cause.TIMEOUT), 2))
        .isEqualTo(retryAfter(Duration.ofMinutes(1)));
  }

  @Test
  void waitsLongerWhenTheReceiverAsksForIt() {
    assertThat(on(new Outcome.Rejected(429, Duration.ofHours(1)), 1))
        .isEqualTo(retryAfter(Duration.ofHours(1)));
    assertThat(on(new Outcome.Rejected(503, Duration.ofSeconds(1)), 1))
        .isEqualTo(retryAfter(Duration.ofMinutes(1)));
    assertThat(on(new Outcome.Rejected(503, Duration.ofDays(9)), 1))
        .isEqualTo(retryAfter(Duration.ofDays(1)));
  }

  @Test
  void givesUpWhenThePolicyIsExhausted() {
    assertThat(on(new Outcome.Rejected(500, null), 3)).isEqualTo(finished(DeliveryState.FAILED));
  }

  @Test
  void doesNotTryAgainWhenTheReceiverIsGone() {
    assertThat(on(new Outcome.Rejected(410, null), 1)).isEqualTo(finished(DeliveryState.FAILED));
  }

  @ParameterizedTest
  @EnumSource(Outcome.Why.class)
  void usesUpNoAttemptForAFaultOfOurs(Outcome.Why why) {
    Verdict verdict = on(new Outcome.Refused(why), 3);

    assertThat(verdict.counts()).isEqualTo(!why.ours());
    assertThat(verdict.decision() instanceof Decision.Parked).isEqualTo(why.ours());
  }

  private static Verdict on(Outcome outcome, int attempts) {
    return Verdict.on(outcome, attempts, EVERY_MINUTE, NOON, new Random(1));
  }

  private static Verdict finished(DeliveryState state) {
    return new Verdict(new Decision.Finished(state), true);
  }

  private static Verdict retryAfter(Duration wait) {
    return new Verdict(new Decision.Parked(NOON.plus(wait), Decision.Why.RETRY), true);
  }
}
