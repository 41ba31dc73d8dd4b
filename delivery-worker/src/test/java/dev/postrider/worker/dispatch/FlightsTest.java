// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FlightsTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant LATER = NOON.plusSeconds(1);
  private static final Duration IN_TIME = Duration.ofMillis(1);
  private static final Duration LATE = Duration.ofMillis(2);

  private final Flights flights = new Flights(2);

  @Test
  void haveRoomForTwelveAProcessorAtFirst() {
    assertThat(begun(NOON)).isEqualTo(24);
  }

  @Test
  void haveRoomAgainWhereASlowReceiverIsWaitedFor() {
    begun(NOON);

    assertThat(flights.room(NOON.plusMillis(5))).isFalse();
    assertThat(flights.room(NOON.plusMillis(6))).isTrue();
  }

  @Test
  void takeOnOneMoreWithEachTickWhileTheirThreadKeepsUp() {
    useAll(10);

    assertThat(begun(LATER)).isEqualTo(34);
  }

  @Test
  void takeOnNoMoreThanIsWanted() {
    for (int tick = 0; tick < 10; tick++) {
      flights.adjust(IN_TIME, Instant.MAX);
    }

    assertThat(begun(LATER)).isEqualTo(24);
  }

  @Test
  void areNeverMoreThan256AProcessor() {
    useAll(1000);

    assertThat(begun(LATER)).isEqualTo(512);
  }

  @Test
  void areHalvedWhenTheirThreadIsLateButNotBelowTheFewest() {
    useAll(76);
    flights.adjust(LATE, Instant.MAX);
    assertThat(begun(LATER)).isEqualTo(50);

    flights.adjust(LATE, Instant.MAX);
    flights.adjust(LATE, Instant.MAX);
    assertThat(begun(LATER.plusSeconds(1))).isEqualTo(24);
  }

  @Test
  void areYoungerByWhatTheirThreadIsLateAtBothEnds() {
    flights.adjust(Duration.ofMillis(300), NOON.plusMillis(20));
    Flights.Flight flight = flights.begin(false, NOON);
    assertThat(flights.age(flight, NOON.plusMillis(500))).isZero();
    assertThat(flights.age(flight, NOON.plusMillis(700))).isZero();

    flights.adjust(IN_TIME, NOON.plusMillis(1_020));

    assertThat(flights.age(flight, NOON.plusMillis(1_001))).hasMillis(700);
    assertThat(flights.age(flight, NOON.plusMillis(1_120))).hasMillis(720);
  }

  /** The time that a request took is measured by a clock that nobody sets. */
  @Test
  void takeTheSameOffATimeThatSomebodyElseMeasured() {
    flights.adjust(Duration.ofMillis(300), NOON.plusMillis(20));
    Flights.Flight flight = flights.begin(false, NOON);
    flights.adjust(IN_TIME, NOON.plusSeconds(3_600));
    Instant clockWasSet = NOON.plusSeconds(3_600);

    assertThat(flights.theirs(flight, Duration.ofMillis(500), clockWasSet)).hasMillis(199);
  }

  private void useAll(int ticks) {
    for (int tick = 0; tick < ticks; tick++) {
      begun(NOON);
      flights.adjust(IN_TIME, Instant.MAX);
    }
  }

  /** Begins as many to slow receivers as there is room for; returns how many those are. */
  private int begun(Instant now) {
    int begun = 0;
    while (flights.room(now)) {
      flights.begin(false, now);
      begun++;
    }
    return begun;
  }
}
