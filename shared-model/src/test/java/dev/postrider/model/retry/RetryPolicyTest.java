// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

  private final RandomGenerator random = new Random(7);

  @ParameterizedTest
  @CsvSource({"1,PT5S", "2,PT5M", "3,PT30M", "4,PT2H", "5,PT5H", "6,PT10H", "7,PT14H", "8,PT20H"})
  void waitsByDefaultAsDocumentedGiveOrTakeAFifth(int attempts, Duration wait) {
    IntStream.range(0, 1000)
        .mapToObj(_ -> RetryPolicy.DEFAULT.waitAfter(attempts, null, random).orElseThrow())
        .forEach(
            actual ->
                assertThat(actual)
                    .isBetween(
                        wait.multipliedBy(8).dividedBy(10), wait.multipliedBy(12).dividedBy(10)));
  }

  @Test
  void spreadsWhatFailedTogether() {
    assertThat(
            IntStream.range(0, 100)
                .mapToObj(_ -> RetryPolicy.DEFAULT.waitAfter(2, null, random))
                .distinct()
                .count())
        .isGreaterThan(90);
  }

  @Test
  void stopsAfterTheLastAttempt() {
    assertThat(RetryPolicy.DEFAULT.waitAfter(9, null, random)).isPresent();
    assertThat(RetryPolicy.DEFAULT.waitAfter(10, null, random)).isEmpty();
  }

  @Test
  void neverWaitsLongerThanADayWhateverTheReceiverAsks() {
    assertThat(RetryPolicy.DEFAULT.waitAfter(1, Duration.ofDays(400), random))
        .contains(Duration.ofDays(1));
  }

  @Test
  void keepsAFixedIntervalExactly() {
    RetryPolicy fixed = new RetryPolicy(new Backoff.Fixed(Duration.ofSeconds(7)), 5);

    assertThat(fixed.waitAfter(1, null, random)).contains(Duration.ofSeconds(7));
    assertThat(fixed.waitAfter(4, null, random)).contains(Duration.ofSeconds(7));
  }

  @Test
  void growsExponentiallyUpToTheLongest() {
    Backoff growing = new Backoff.Exponential(Duration.ofSeconds(10), 3, Duration.ofMinutes(1));

    assertThat(growing.after(1, random)).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12));
    assertThat(growing.after(2, random)).isBetween(Duration.ofSeconds(24), Duration.ofSeconds(36));
    assertThat(growing.after(50, random)).isBetween(Duration.ofSeconds(48), Duration.ofMinutes(1));
  }

  @Test
  void repeatsTheLastWaitOfASchedule() {
    Backoff schedule = new Backoff.Schedule(List.of(Duration.ofSeconds(1), Duration.ofSeconds(9)));

    assertThat(schedule.after(1, random)).isEqualTo(Duration.ofSeconds(1));
    assertThat(schedule.after(2, random)).isEqualTo(Duration.ofSeconds(9));
    assertThat(schedule.after(30, random)).isEqualTo(Duration.ofSeconds(9));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 101})
  void refusesLimitsOutOfBounds(int attempts) {
    assertThatThrownBy(() -> new RetryPolicy(Backoff.DEFAULT, attempts))
        .hasMessage("max_attempts must be 1 to 100: was " + attempts);
  }
}
