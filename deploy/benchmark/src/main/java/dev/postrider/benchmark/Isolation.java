// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.model.retry.RetryPolicy;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a receiver that never answers, and gets a fifth of the traffic, costs all others: the same
 * events are published without it and with it, in turn.
 */
final class Isolation implements Scenario {

  @Override
  public Result run(Rig rig, Bare bare, Options options) {
    int others = Math.max(1, options.destinations(100) - 1);
    int rate = options.rate(1000);
    int seconds = options.seconds(15);
    int runs = options.runs(3);
    rig.load(0, others, "ok", RetryPolicy.DEFAULT);
    int warmUp = options.warmUp(WarmUp.LONG);
    int backlog = (int) (WarmUp.run(rig, others, warmUp) * seconds);
    var load = new Load(rate, seconds, backlog, i -> i % 5 == 4 ? others : i % others);
    Pair.run(rig, load, others, ", not counted");
    var pairs =
        IntStream.rangeClosed(1, runs)
            .mapToObj(run -> Pair.run(rig, load, others, " " + run))
            .toList();
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
    var perSecond = Spread.of(pairs.stream().map(pair -> pair.beside.drain.perSecond()).toList());
    var phases = pairs.stream().flatMap(pair -> Stream.of(pair.alone, pair.beside));
    return new Result(
        settings,
        pairs.stream().map(Pair::figures).toList(),
        perSecond.median() / bare.requestsPerSecond().median(),
        Picture.percentiles("Publish to arrival, all others", phases.map(Phase::line).toList()));
  }

  /**
   * What is published.
   *
   * @param rate of the others' events in a second, then
   * @param backlog of so many of theirs; a fifth of all events is the hanging one's
   */
  private record Load(int rate, int seconds, int backlog, IntUnaryOperator destinationOf) {

    static int withHanging(int others) {
      return others * 5 / 4;
    }
  }

  /**
   * One without the receiver that hangs and one with it, in turn: the machine's moods last longer
   * than a pair. The first takes ways that no warm-up takes, is told and not counted.
   */
  private record Pair(Phase alone, Phase beside) {

    static Pair run(Rig rig, Load load, int hanging, String name) {
      var alone = Phase.run(rig, load, "alone" + name);
      var id = rig.load(hanging, "hang");
      var beside = Phase.run(rig, load, "beside" + name);
      rig.forget(id);
      return new Pair(alone, beside);
    }

    Map<Figure, Double> figures() {
      var figures = new EnumMap<Figure, Double>(Figure.class);
      figures.put(Figure.P99_RATIO, beside.p99() / alone.p99());
      figures.put(Figure.THROUGHPUT_RATIO, beside.drain.perSecond() / alone.drain.perSecond());
      figures.put(Figure.P99_MS_ALONE, alone.p99());
      figures.put(Figure.P99_MS_BESIDE, beside.p99());
      return figures;
    }
  }

  /** Latency at a fixed rate, then a backlog. */
  private record Phase(String name, Latencies latencies, Drain drain) {

    static Phase run(Rig rig, Load load, String name) {
      int rate = Load.withHanging(load.rate);
      var latencies = Latency.measure(rig, rate, load.rate, load.seconds, load.destinationOf);
      int events = Load.withHanging(load.backlog);
      var phase =
          new Phase(name, latencies, Drain.of(rig, events, load.backlog, load.destinationOf));
      Progress.tell(phase.toString());
      return phase;
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
}
