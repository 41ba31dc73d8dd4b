// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * A backlog worked off, from the worker's first look at it until every outcome is in PostgreSQL.
 *
 * @param answered how many deliveries it was
 * @param seconds by the driver's clock
 * @param cpu of every part, in the same time
 * @param recorderLag from the last request at the sink to the last row
 */
record Drain(int answered, double seconds, Map<String, Duration> cpu, Duration recorderLag) {

  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Duration MOMENT = Duration.ofMillis(50);

  /** Publishes the backlog while the worker is frozen, round-robin to the destinations. */
  static Drain of(Rig rig, int events, int destinations) {
    return of(rig, events, events, i -> i % destinations);
  }

  /**
   * The same with destinations of which some never answer.
   *
   * @param answered how many of the events go to destinations that do
   */
  static Drain of(Rig rig, int events, int answered, IntUnaryOperator destinationOf) {
    long before = rig.receivers().progress().count();
    long recorded = rig.database().delivered();
    var cpu = freezing(rig, events, destinationOf);
    long begin = System.nanoTime();
    rig.awaitArrivals(before + answered, LIMIT);
    var drain = rest(rig, answered, begin, cpu);
    while (rig.database().delivered() < recorded + answered) {
      Await.pause(MOMENT); // the worker had not reported all of it yet
      drain = rest(rig, answered, begin, cpu);
    }
    return drain;
  }

  /**
   * Ends when the recorder has all that is reported so far; rows are counted by whoever asks for
   * it, and not on this clock.
   */
  private static Drain rest(Rig rig, int answered, long begin, Map<String, Duration> before) {
    rig.awaitRecorder(LIMIT);
    long took = System.nanoTime() - begin;
    if (took > 2 * LIMIT.toNanos()) {
      throw new IllegalStateException("outcomes of %d deliveries are missing".formatted(answered));
    }
    var lag = Duration.ofNanos((rig.micros() - rig.receivers().progress().lastMicros()) * 1000);
    var used = rig.cpu();
    used.replaceAll((part, time) -> time.minus(before.getOrDefault(part, Duration.ZERO)));
    return new Drain(answered, took / 1e9, used, lag);
  }

  /** Returns what the parts had used when the worker went on. */
  private static Map<String, Duration> freezing(
      Rig rig, int events, IntUnaryOperator destinationOf) {
    var worker = rig.worker(1);
    worker.freeze();
    try {
      for (int i = 0; i < events; i++) {
        rig.events().publish(destinationOf.applyAsInt(i));
      }
      rig.events().flush();
      return rig.cpu();
    } finally {
      worker.thaw();
    }
  }

  double perSecond() {
    return answered / seconds;
  }

  /** Of the worker, for each delivery. */
  double cpuMicros() {
    return micros(cpu.getOrDefault("worker-1", Duration.ZERO));
  }

  private double micros(Duration time) {
    return time.toNanos() / 1e3 / answered;
  }

  @Override
  public String toString() {
    return "%,d deliveries, %,.0f/s; CPU µs for each: ".formatted(answered, perSecond())
        + cpu.entrySet().stream()
            .map(part -> "%s %.0f".formatted(part.getKey(), micros(part.getValue())))
            .collect(joining(", "));
  }
}
