// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.model.retry.RetryPolicy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a receiver that never answers, and gets a fifth of the traffic, costs all others. */
final class Isolation implements Scenario {

  private static final int SETTLE_SECONDS = 5;

  @Override
  public Result run(Rig rig, Bare bare, Options options) {
    int others = Math.max(1, options.destinations(100) - 1);
    int rate = options.rate(1000);
    int seconds = options.seconds(15);
    int runs = options.runs(3);
    rig.load(0, others, "ok", RetryPolicy.DEFAULT);
    rig.load(others, others + 1, "hang", RetryPolicy.DEFAULT);
    int warmUp = options.warmUp(WarmUp.LONG);
    int backlog = (int) (WarmUp.run(rig, others, warmUp) * seconds);
    var load = new Load(rate, seconds, backlog);
    // What the hanging one has had put off comes back for long: those without it go first.
    var alone = Phase.several(runs, rig, load, i -> i % others, "alone");
    var beside =
        Phase.several(runs, rig, load.and(0.25), i -> i % 5 == 4 ? others : i % others, "beside");
    var settings =
        Map.<String, Object>of(
            "destinations",
            others + 1,
            "rate",
            rate,
            "seconds",
            seconds,
            "events",
            backlog,
            "warm_up_events",
            warmUp);
    var perSecond = Spread.of(beside.stream().map(phase -> phase.drain.perSecond()).toList());
    var lines = Stream.of(alone, beside).flatMap(List::stream).map(Phase::line).toList();
    return new Result(
        settings,
        IntStream.range(0, runs).mapToObj(run -> figures(alone.get(run), beside.get(run))).toList(),
        perSecond.median() / bare.requestsPerSecond().median(),
        Picture.percentiles("Publish to arrival, all others", lines));
  }

  /**
   * What the others get, and how many events for the hanging one come to each of theirs.
   *
   * @param rate of events in a second, then
   * @param backlog of so many
   */
  private record Load(int rate, int seconds, int backlog, double hanging) {

    Load(int rate, int seconds, int backlog) {
      this(rate, seconds, backlog, 0);
    }

    Load and(double share) {
      return new Load(rate, seconds, backlog, share);
    }

    int withHanging(int events) {
      return (int) (events * (1 + hanging));
    }
  }

  /** Latency at a fixed rate, then a backlog; the others get the same in all phases. */
  private record Phase(String name, Latencies latencies, Drain drain) {

    static List<Phase> several(
        int count, Rig rig, Load load, IntUnaryOperator destinationOf, String name) {
      Schedule.run(rig, load.withHanging(load.rate), SETTLE_SECONDS, destinationOf);
      var phases = new ArrayList<Phase>();
      for (int number = 1; number <= count; number++) {
        var phase = run(rig, load, destinationOf, name + " " + number);
        Progress.tell(phase.toString());
        phases.add(phase);
      }
      return phases;
    }

    private static Phase run(Rig rig, Load load, IntUnaryOperator destinationOf, String name) {
      int rate = load.withHanging(load.rate);
      var latencies =
          Latency.measure(rig, rate, load.seconds, load.rate * load.seconds, destinationOf);
      int backlog = load.withHanging(load.backlog);
      return new Phase(name, latencies, Drain.of(rig, backlog, load.backlog, destinationOf));
    }

    Picture.Line line() {
      return latencies.micros().line(name);
    }

    double p99() {
      return latencies.millis(.99);
    }

    @Override
    public String toString() {
      return "%s: p99 %.1f ms; %s".formatted(name, p99(), drain);
    }
  }

  private static Map<Figure, Double> figures(Phase alone, Phase beside) {
    var figures = new EnumMap<Figure, Double>(Figure.class);
    figures.put(Figure.P99_RATIO, beside.p99() / alone.p99());
    figures.put(Figure.THROUGHPUT_RATIO, beside.drain.perSecond() / alone.drain.perSecond());
    figures.put(Figure.P99_MS_ALONE, alone.p99());
    figures.put(Figure.P99_MS_BESIDE, beside.p99());
    return figures;
  }
}
