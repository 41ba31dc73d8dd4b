// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.benchmark.Receivers.Arrival;
import dev.postrider.model.retry.Backoff;
import dev.postrider.model.retry.RetryPolicy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * How late parked deliveries come back. Every second event fails once, so that the receivers count
 * as working ones; the wait is long enough for all to be parked before the first falls due.
 */
final class Wheel implements Scenario {

  private static final int PARKED = 100_000;
  private static final int MOST_SECONDS = 120;

  @Override
  public Result run(Rig rig, Bare bare, Options options) {
    int destinations = options.destinations(100);
    rig.load(0, destinations, "ok", RetryPolicy.DEFAULT);
    int parked = options.events(PARKED);
    double rate = WarmUp.run(rig, destinations, options.warmUp(WarmUp.SHORT));
    int usual = (int) Math.clamp(2.0 * 2 * parked / rate, 20, MOST_SECONDS);
    int seconds = options.seconds(usual);
    var retry = new RetryPolicy(new Backoff.Fixed(Duration.ofSeconds(seconds)), 10);
    rig.load(destinations, 2 * destinations, "fail-first", retry);
    var limit = Duration.ofSeconds(4L * seconds);
    long recorded = rig.database().delivered();
    long arrived = rig.receivers().progress().count();
    rig.receivers().record();
    long first = rig.events().published() + 1;
    for (int i = 0; i < 2 * parked; i++) {
      rig.events().publish(destinations + i / 2 % destinations);
    }
    rig.events().flush();
    rig.awaitArrivals(arrived + 3L * parked, limit); // counting rows meanwhile would be a load
    rig.awaitRecorded(recorded + 2L * parked, limit);
    var lateness = lateness(rig.receivers().recorded(), first, rig.database().secondAttempts());
    var figures = new EnumMap<Figure, Double>(Figure.class);
    figures.put(Figure.LATENESS_P50_MS, lateness.at(.5) / 1000.0);
    figures.put(Figure.LATENESS_P99_MS, lateness.at(.99) / 1000.0);
    figures.put(Figure.EARLY, (double) lateness.below(0));
    figures.put(Figure.PARKED, (double) lateness.count());
    return new Result(
        Map.of("destinations", destinations, "wait_seconds", seconds, "events", 2 * parked),
        List.of(figures),
        Double.NaN,
        Picture.percentiles("Lateness of parked deliveries", List.of(lateness.line("parked"))));
  }

  /** From the time that was reported after the first attempt to the second arrival, in µs. */
  private static Percentiles lateness(List<Arrival> arrivals, long first, Map<Long, Long> due) {
    var seen = new HashSet<Long>();
    return new Percentiles(
        arrivals.stream()
            .filter(arrival -> arrival.event() >= first && due.containsKey(arrival.event()))
            .filter(arrival -> !seen.add(arrival.event()))
            .mapToLong(arrival -> arrival.micros() - due.getOrDefault(arrival.event(), 0L))
            .toArray());
  }
}
