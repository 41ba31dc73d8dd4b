// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.postrider.benchmark.Receivers.Arrival;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void takesTheNearestRankOfAllValues() {
    var thousand = new Percentiles(LongStream.rangeClosed(1, 1000).map(n -> 1001 - n).toArray());

    assertThat(thousand.at(.5)).isEqualTo(500);
    assertThat(thousand.at(.99)).isEqualTo(990);
    assertThat(thousand.at(.999)).isEqualTo(999);
    assertThat(thousand.at(1)).isEqualTo(1000);
    assertThat(thousand.at(0)).isEqualTo(1);
    assertThat(thousand.below(11)).isEqualTo(10);
  }

  @Test
  void percentilesOfSeveralSeriesAreThoseOfAllTheirValues() {
    var low = new Percentiles(LongStream.rangeClosed(1, 90).toArray());
    var high = new Percentiles(LongStream.rangeClosed(91, 100).toArray());

    var both = Percentiles.together(List.of(high, low));

    assertThat(both.count()).isEqualTo(100);
    assertThat(both.at(.5)).isEqualTo(50);
    assertThat(both.at(.99)).isEqualTo(99);
  }

  @Test
  void refusesAPercentileOfNothing() {
    assertThatIllegalStateException().isThrownBy(() -> new Percentiles(new long[0]).at(.5));
  }

  @Test
  void findsTheMedianOfOddAndEvenNumbersOfRuns() {
    assertThat(Spread.of(List.of(9.0, 1.0, 4.0))).isEqualTo(new Spread(4, 1, 9));
    assertThat(Spread.of(List.of(3.0, 1.0))).isEqualTo(new Spread(2, 1, 3));
  }

  @Test
  void countsLatencyFromTheScheduleAndAnEventOnce() {
    var schedule = new Schedule(11, new long[] {1_000, 2_000, 3_000});
    var arrivals =
        List.of(
            new Arrival(10, 1_000), // before the schedule
            new Arrival(12, 2_500),
            new Arrival(11, 2_000),
            new Arrival(13, 501_000),
            new Arrival(12, 900_000)); // repeated

    var latencies = Latencies.of(schedule, arrivals);

    assertThat(latencies.micros().count()).isEqualTo(3);
    assertThat(latencies.millis(.5)).isEqualTo(1);
    assertThat(latencies.millis(1)).isEqualTo(498);
    assertThat(latencies.perSecond()).isEqualTo(6);
  }

  @Test
  void fitsASlopeThroughPoints() {
    var points = List.of(new double[] {0, 10}, new double[] {1, 12}, new double[] {2, 14});

    assertThat(Backlog.slope(points)).isCloseTo(2, within(1e-9));
    assertThat(Backlog.slope(List.of(new double[] {1, 5}))).isZero();
  }
}
