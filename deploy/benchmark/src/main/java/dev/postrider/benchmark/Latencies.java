// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.benchmark.Receivers.Arrival;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/** From the moment an event was meant to be published to its first arrival, in µs. */
record Latencies(Percentiles micros, double perSecond) {

  static Latencies of(Schedule schedule, List<Arrival> arrivals) {
    var seen = new HashSet<Long>();
    var values = new long[arrivals.size()];
    int count = 0;
    long last = 0;
    for (Arrival arrival : arrivals) {
      long due = schedule.due(arrival.event());
      if (due > 0 && seen.add(arrival.event())) {
        values[count++] = arrival.micros() - due;
        last = Math.max(last, arrival.micros());
      }
    }
    double seconds = (last - schedule.due()[0]) / 1e6;
    return new Latencies(new Percentiles(Arrays.copyOf(values, count)), count / seconds);
  }

  double millis(double share) {
    return micros.at(share) / 1000.0;
  }
}
