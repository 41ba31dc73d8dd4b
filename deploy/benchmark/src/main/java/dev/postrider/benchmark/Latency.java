// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.model.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** How long an event takes from its publisher to its receiver while there is room enough. */
final class Latency implements Scenario {

  private static final int SETTLE_SECONDS = 5;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @Override
  public Result run(Rig rig, Bare bare, Options options) {
    int destinations = options.destinations(100);
    int rate = options.rate(500);
    int seconds = options.seconds(30);
    rig.load(0, destinations, "ok", RetryPolicy.DEFAULT);
    int warmUp = options.warmUp(WarmUp.LONG);
    WarmUp.run(rig, destinations, warmUp);
    var runs = new ArrayList<Map<Figure, Double>>();
    var lines = new ArrayList<Picture.Line>();
    for (int run = 1; run <= options.runs(3); run++) {
      var latencies = measure(rig, rate, rate, seconds, i -> i % destinations);
      Progress.tell(
          "run %d: p50 %.1f ms, p99 %.1f ms"
              .formatted(run, latencies.millis(.5), latencies.millis(.99)));
      runs.add(figures(latencies));
      lines.add(latencies.micros().line("run " + run));
    }
    var settings =
        Map.<String, Object>of(
            "destinations",
            destinations,
            "rate",
            rate,
            "seconds",
            seconds,
            "warm_up_events",
            warmUp);
    double ratio = rate / bare.requestsPerSecond().median();
    var picture = Picture.percentiles("Publish to arrival at %d/s".formatted(rate), lines);
    return new Result(settings, List.copyOf(runs), ratio, picture);
  }

  /**
   * Publishes at this rate until what was before is over, and then for that long again.
   *
   * @param answered how many of a second's events go to destinations that answer
   */
  static Latencies measure(
      Rig rig, int rate, int answered, int seconds, IntUnaryOperator destinationOf) {
    rig.awaitRecorder(LIMIT);
    arrivals(rig, rate, answered, SETTLE_SECONDS, destinationOf);
    return arrivals(rig, rate, answered, seconds, destinationOf);
  }

  private static Latencies arrivals(
      Rig rig, int rate, int answered, int seconds, IntUnaryOperator destinationOf) {
    long before = rig.receivers().progress().count();
    rig.receivers().record();
    var schedule = Schedule.run(rig, rate, seconds, destinationOf);
    rig.awaitArrivals(before + (long) answered * seconds, LIMIT);
    return Latencies.of(schedule, rig.receivers().recorded());
  }

  private static Map<Figure, Double> figures(Latencies latencies) {
    var figures = new EnumMap<Figure, Double>(Figure.class);
    figures.put(Figure.P50_MS, latencies.millis(.5));
    figures.put(Figure.P90_MS, latencies.millis(.9));
    figures.put(Figure.P99_MS, latencies.millis(.99));
    figures.put(Figure.P999_MS, latencies.millis(.999));
    figures.put(Figure.ACHIEVED_PER_SECOND, latencies.perSecond());
    return figures;
  }
}
