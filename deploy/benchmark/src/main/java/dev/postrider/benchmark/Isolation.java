// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.model.retry.RetryPolicy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** What a receiver that never answers, and gets a fifth of the traffic, costs all others. */
final class Isolation implements Scenario {

  @Override
  public Result run(Rig rig, Bare bare, Options options) {
    int others = Math.max(1, options.destinations(100) - 1);
    int rate = options.rate(1000);
    int seconds = options.seconds(20);
    rig.load(0, others, "ok", RetryPolicy.DEFAULT);
    rig.load(others, others + 1, "hang", RetryPolicy.DEFAULT);
    int backlog = (int) (WarmUp.run(rig, others, options.warmUp(WarmUp.SHORT)) * seconds);
    var alone = new Phase(rig, i -> i % others, 0, rate, seconds, backlog);
    Progress.tell(
        "alone: p99 %.1f ms, %,.0f/s".formatted(alone.latencies.millis(.99), alone.perSecond));
    var beside =
        new Phase(rig, i -> i % 5 == 4 ? others : i % others, 0.25, rate, seconds, backlog);
    Progress.tell(
        "beside: p99 %.1f ms, %,.0f/s".formatted(beside.latencies.millis(.99), beside.perSecond));
    var settings =
        Map.<String, Object>of(
            "destinations", others + 1, "rate", rate, "seconds", seconds, "events", backlog);
    var lines =
        List.of(alone.latencies.micros().line("alone"), beside.latencies.micros().line("beside"));
    return new Result(
        settings,
        List.of(figures(alone, beside)),
        beside.perSecond / bare.requestsPerSecond().median(),
        Picture.percentiles("Publish to arrival, all others", lines));
  }

  /** Latency at a fixed rate, then a backlog; the others get the same in both phases. */
  private static final class Phase {

    private final Latencies latencies;
    private final double perSecond;

    Phase(
        Rig rig,
        IntUnaryOperator destinationOf,
        double hanging,
        int rate,
        int seconds,
        int backlog) {
      int all = (int) (rate * (1 + hanging));
      latencies = Latency.measure(rig, all, seconds, rate * seconds, destinationOf);
      perSecond =
          Drain.of(rig, (int) (backlog * (1 + hanging)), backlog, destinationOf).perSecond();
    }
  }

  private static Map<Figure, Double> figures(Phase alone, Phase beside) {
    double p99Alone = alone.latencies.millis(.99);
    double p99Beside = beside.latencies.millis(.99);
    var figures = new EnumMap<Figure, Double>(Figure.class);
    figures.put(Figure.P99_RATIO, p99Beside / p99Alone);
    figures.put(Figure.THROUGHPUT_RATIO, beside.perSecond / alone.perSecond);
    figures.put(Figure.P99_MS_ALONE, p99Alone);
    figures.put(Figure.P99_MS_BESIDE, p99Beside);
    return figures;
  }
}
