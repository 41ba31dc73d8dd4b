// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static dev.postrider.worker.dispatch.Turn.AGAIN;
import static dev.postrider.worker.dispatch.Turn.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.destination.Limits;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final int MANY = 1_000;

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration QUICK = Duration.ofMillis(10);

  private final Pace pace = new Pace(Limits.DEFAULT, NOON);

  @Test
  void startsWithAWindowOfFour() {
    assertThat(pace.window()).isEqualTo(4);
  }

  @Test
  void growsByOnePerSuccessUpToTheConfiguredMost() {
    for (int successes = 0; successes < 100; successes++) {
      pace.succeeded(QUICK);
    }

    assertThat(pace.window()).isEqualTo(64);
  }

  @Test
  void halvesWhenTheReceiverIsOverloadedButNeverBelowOne() {
    pace.overloaded(QUICK);
    assertThat(pace.window()).isEqualTo(2);

    pace.overloaded(QUICK);
    pace.overloaded(QUICK);
    pace.overloaded(QUICK);
    assertThat(pace.window()).isEqualTo(1);
  }

  @Test
  void neverExceedsALimitThatWasLowered() {
    pace.limitTo(new Limits(2, null));

    assertThat(pace.window()).isEqualTo(2);
  }

  @Test
  void spacesSlotsByTheRate() {
    Pace paced = new Pace(new Limits(64, 4.0), NOON);

    assertThat(paced.takeSlot(FIRST, NOON)).isEqualTo(NOON);
    assertThat(paced.takeSlot(FIRST, NOON)).isEqualTo(NOON.plusMillis(250));
    assertThat(paced.takeSlot(FIRST, NOON)).isEqualTo(NOON.plusMillis(500));
    assertThat(paced.takeSlot(FIRST, NOON.plusSeconds(9))).isEqualTo(NOON.plusSeconds(9));
  }

  @Test
  void keepsHalfOfTheSlotsForFirstAttemptsHoweverManyRetriesHaveOne() {
    Pace paced = new Pace(new Limits(64, 4.0), NOON);
    for (int retry = 0; retry < 1000; retry++) {
      paced.takeSlot(AGAIN, NOON);
    }

    assertThat(paced.takeSlot(FIRST, NOON)).isEqualTo(NOON);
    assertThat(paced.takeSlot(FIRST, NOON)).isEqualTo(NOON.plusMillis(500));
  }

  @Test
  void opensTheGateAsOftenAsTheRateSays() {
    Pace paced = new Pace(new Limits(64, 100.0), NOON);
    int begun = 0;
    for (int millis = 0; millis <= 10_000; millis += 20) {
      while (paced.open(NOON.plusMillis(millis))) {
        paced.began(NOON.plusMillis(millis));
        begun++;
      }
    }

    assertThat(begun).isBetween(995, 1005);
  }

  @Test
  void holdsEverythingForAsLongAsTheReceiverAskedButNoLongerThanADay() {
    pace.hold(NOON, Duration.ofSeconds(30));
    assertThat(pace.slot(FIRST, NOON)).isEqualTo(NOON.plusSeconds(30));
    assertThat(pace.open(NOON.plusSeconds(29))).isFalse();

    pace.hold(NOON, Duration.ofDays(400));
    assertThat(pace.slot(FIRST, NOON)).isEqualTo(NOON.plus(Duration.ofDays(1)));
  }

  @Test
  void countsOnTheWholeWindowUntilTheReceiverHasShownItsLimits() {
    Duration before = pace.expectedWait(64, Duration.ZERO, MANY);

    pace.overloaded(Duration.ofMillis(5));

    assertThat(pace.expectedWait(64, Duration.ZERO, MANY)).isEqualTo(before.multipliedBy(32));
  }

  @Test
  void expectsToWaitForTheOldestOpenRequestWhenItHangs() {
    assertThat(pace.expectedWait(64, Duration.ZERO, MANY)).isEqualTo(Duration.ofMillis(5));
    assertThat(pace.expectedWait(64, Duration.ofSeconds(9), MANY)).isEqualTo(Duration.ofSeconds(9));
  }
}
