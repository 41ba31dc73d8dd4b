// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.local.process.PartFailure;
import dev.postrider.model.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How little memory a worker needs before a long backlog. The largest heap goes first and sets the
 * pace; each smaller one works off its share, until one dies or falls behind; the last that
 * sufficed works off the rest.
 */
final class Backlog implements Scenario {

  private static final int EVENTS = 1_000_000;
  private static final List<Integer> HEAPS_MIB = List.of(512, 256, 192, 160, 128, 96);
  private static final double SUFFICES = 0.8;
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final Duration SAMPLE = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Override
  public Result run(Rig rig, Bare bare, Options options) {
    int destinations = options.destinations(100);
    int events = options.events(EVENTS);
    var window = Duration.ofSeconds(options.seconds(20));
    rig.load(0, destinations, "ok", RetryPolicy.DEFAULT);
    rig.stopWorker(1);
    long goal = rig.receivers().progress().count() + events;
    for (int i = 0; i < events; i++) {
      rig.events().publish(i % destinations);
    }
    rig.events().flush();
    Progress.tell("%,d events wait".formatted(events));
    var rates = new LinkedHashMap<Integer, Double>();
    for (int heap : HEAPS_MIB) {
      double rate = probe(rig, heap, events / (HEAPS_MIB.size() + 2), window);
      Progress.tell("%d MiB of heap: %,.0f/s".formatted(heap, rate));
      rates.put(heap, rate);
      if (rate < SUFFICES * rates.getOrDefault(HEAPS_MIB.getFirst(), 0.0)) {
        break;
      }
    }
    int needed = smallest(rates);
    var memory = workOff(rig, needed, goal);
    var figures = new EnumMap<Figure, Double>(Figure.class);
    figures.put(Figure.HEAP_MIB_NEEDED, (double) needed);
    figures.put(Figure.DELIVERIES_PER_SECOND, rates.getOrDefault(needed, 0.0));
    figures.put(
        Figure.MEMORY_SLOPE_MIB_PER_MILLION,
        slope(memory.subList(memory.size() / 4, memory.size())));
    var line = new Picture.Line("-Xmx%dm".formatted(needed), memory);
    return new Result(
        Map.of("destinations", destinations, "events", events, "heaps_mib", rates),
        List.of(figures),
        rates.getOrDefault(needed, 0.0) / bare.requestsPerSecond().median(),
        new Picture.Lines(
            "Memory of the worker", "million deliveries", "MiB", Map.of(), List.of(line)));
  }

  /** Deliveries per second with so much heap; 0 for a worker that dies of it. */
  private static double probe(Rig rig, int heap, int share, Duration window) {
    try {
      start(rig, heap);
      long begun = rig.receivers().progress().count();
      long warm = advance(rig, begun + share / 4, window);
      long begin = System.nanoTime();
      long done = advance(rig, begun + share, window) - warm;
      double seconds = (System.nanoTime() - begin) / 1e9;
      rig.stopWorker(1);
      return done / seconds;
    } catch (PartFailure died) {
      return 0;
    }
  }

  /** Waits until the sink has seen so many, or the time is up; fails when the worker has died. */
  private static long advance(Rig rig, long goal, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    long count = rig.receivers().progress().count();
    while (count < goal && System.nanoTime() < deadline && rig.worker(1).process().alive()) {
      Await.pause(INTERVAL);
      count = rig.receivers().progress().count();
    }
    return count;
  }

  private static void start(Rig rig, int heap) {
    // As in the local stack, half of it is for the young; what is given there would be all of it.
    var options = "-Xmx%dm -Xmn%dm -XX:+ExitOnOutOfMemoryError".formatted(heap, heap / 2);
    rig.restore(Map.of("POSTRIDER_WORKER_JAVA_OPTS", options));
  }

  private static int smallest(Map<Integer, Double> rates) {
    double enough = SUFFICES * rates.getOrDefault(HEAPS_MIB.getFirst(), 0.0);
    return rates.entrySet().stream()
        .filter(rate -> rate.getValue() >= enough)
        .mapToInt(Map.Entry::getKey)
        .min()
        .orElse(HEAPS_MIB.getFirst());
  }

  /** Memory over millions of deliveries, until the backlog is gone or the time is up. */
  private static List<double[]> workOff(Rig rig, int heap, long goal) {
    start(rig, heap);
    var memory = new ArrayList<double[]>();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    long first = rig.receivers().progress().count();
    while (rig.receivers().progress().count() < goal && System.nanoTime() < deadline) {
      long done = rig.receivers().progress().count() - first;
      memory.add(new double[] {done / 1e6, rig.worker(1).residentMib()});
      Await.pause(SAMPLE);
    }
    return memory;
  }

  /** Of the line that is nearest to all points (least squares). */
  static double slope(List<double[]> points) {
    double x = points.stream().mapToDouble(point -> point[0]).average().orElse(0);
    double y = points.stream().mapToDouble(point -> point[1]).average().orElse(0);
    double covariance = 0;
    double variance = 0;
    for (double[] point : points) {
      covariance += (point[0] - x) * (point[1] - y);
      variance += (point[0] - x) * (point[0] - x);
    }
    return variance == 0 ? 0 : covariance / variance;
  }
}
