// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.model.retry.RetryPolicy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What a receiver that never answers, and gets a fifth of the traffic, costs all others: the same
 * events are published without it, with one in its place that answers, and with it, in turn.
 */
final class Isolation implements Scenario {

  @Override
  public Result run(Rig rig, Bare bare, Options options) {
    int others = Math.max(1, options.destinations(100) - 1);
    int rate = options.rate(1000);
    int seconds = options.seconds(8);
    int runs = options.runs(5);
    rig.load(0, others, "ok", RetryPolicy.DEFAULT);
    int warmUp = options.warmUp(WarmUp.LONG);
    int backlog = (int) (WarmUp.run(rig, others, warmUp) * seconds);
    var load = new Load(rate, seconds, backlog, i -> i % 5 == 4 ? others : i % others);
    Turn.run(rig, load, others, ", not counted");
    var turns =
        IntStream.rangeClosed(1, runs)
            .mapToObj(run -> Turn.run(rig, load, others, " " + run))
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
    var perSecond = Spread.of(turns.stream().map(turn -> turn.beside.othersPerSecond()).toList());
    var lines =
        List.of(
            line(Fifth.NOBODY, turns, Turn::alone),
            line(Fifth.ANSWERING, turns, Turn::answering),
            line(Fifth.HANGING, turns, Turn::beside));
    return new Result(
        settings,
        turns.stream().map(Turn::figures).toList(),
        perSecond.median() / bare.requestsPerSecond().median(),
        Picture.percentiles("Publish to arrival, all who answer", lines));
  }

  /** Of all turns together. */
  private static Picture.Line line(Fifth fifth, List<Turn> turns, Function<Turn, Phase> phase) {
    var each = turns.stream().map(phase).map(one -> one.latencies.micros()).toList();
    return Percentiles.together(each).line(fifth.label);
  }

  /**
   * What is published.
   *
   * @param rate of the others' events in a second, then
   * @param backlog of so many of theirs; a fifth of all events is for the one in question
   */
  private record Load(int rate, int seconds, int backlog, IntUnaryOperator destinationOf) {

    static int withTheFifth(int others) {
      return others * 5 / 4;
    }
  }

  /** Who gets the fifth. */
  private enum Fifth {
    NOBODY("alone", ""),
    ANSWERING("beside one that answers", "ok"),
    HANGING("beside one that hangs", "hang");

    private final String label;
    private final String path;

    Fifth(String label, String path) {
      this.label = label;
      this.path = path;
    }

    /** Of so many that are published in all, of which so many are the others'. */
    int answered(int all, int others) {
      return this == ANSWERING ? all : others;
    }
  }

  /**
   * One phase of each kind, close to each other: the machine is not the same for long. The first
   * turn takes ways that no warm-up takes, is told and not counted.
   */
  private record Turn(Phase alone, Phase answering, Phase beside) {

    static Turn run(Rig rig, Load load, int others, String name) {
      var alone = Phase.run(rig, load, Fifth.NOBODY, name);
      var answering = Phase.beside(rig, load, others, Fifth.ANSWERING, name);
      var beside = Phase.beside(rig, load, others, Fifth.HANGING, name);
      return new Turn(alone, answering, beside);
    }

    Map<Figure, Double> figures() {
      var figures = new EnumMap<Figure, Double>(Figure.class);
      figures.put(Figure.P99_RATIO, beside.p99() / alone.p99());
      figures.put(Figure.THROUGHPUT_RATIO, beside.othersPerSecond() / alone.othersPerSecond());
      figures.put(Figure.P99_RATIO_TO_ANSWERING, beside.p99() / answering.p99());
      figures.put(
          Figure.THROUGHPUT_RATIO_TO_ANSWERING,
          beside.othersPerSecond() / answering.othersPerSecond());
      figures.put(Figure.P99_MS_ALONE, alone.p99());
      figures.put(Figure.P99_MS_BESIDE, beside.p99());
      return figures;
    }
  }

  /**
   * Latency at a fixed rate, of all who answer, then a backlog.
   *
   * @param share of what was answered that is the others'
   */
  private record Phase(String name, Latencies latencies, Drain drain, double share) {

    static Phase beside(Rig rig, Load load, int number, Fifth fifth, String turn) {
      var id = rig.load(number, fifth.path);
      var phase = run(rig, load, fifth, turn);
      rig.forget(id);
      return phase;
    }

    static Phase run(Rig rig, Load load, Fifth fifth, String turn) {
      int rate = Load.withTheFifth(load.rate);
      int answeredRate = fifth.answered(rate, load.rate);
      var latencies = Latency.measure(rig, rate, answeredRate, load.seconds, load.destinationOf);
      int events = Load.withTheFifth(load.backlog);
      int answered = fifth.answered(events, load.backlog);
      var drain = Drain.of(rig, events, answered, load.destinationOf);
      var share = (double) load.backlog / answered;
      var phase = new Phase(fifth.label + turn, latencies, drain, share);
      Progress.tell(phase.toString());
      return phase;
    }

    double p99() {
      return latencies.millis(.99);
    }

    double othersPerSecond() {
      return drain.perSecond() * share;
    }

    @Override
    public String toString() {
      return "%s: p99 %.1f ms; %,.0f/s of the others; %s"
          .formatted(name, p99(), othersPerSecond(), drain);
    }
  }
}
