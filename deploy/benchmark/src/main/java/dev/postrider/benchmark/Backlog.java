// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.local.process.PartFailure;
import dev.postrider.model.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How little memory a worker needs before a long backlog. The largest heap goes first and sets the
 * pace; each smaller one, as warm, works off its share, until one dies or falls behind; the
 * smallest that has kept up must then work off the whole, from its start.
 */
final class Backlog implements Scenario {

  private static final int EVENTS = 1_000_000;
  private static final List<Integer> HEAPS_MIB = List.of(512, 256, 192, 160, 128);
  private static final double SUFFICES = 0.8;
  private static final Duration SAMPLE = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Override
  public Result run(Rig rig, Bare bare, Options options) {
    int destinations = options.destinations(100);
    int events = options.events(EVENTS);
    int warmUp = options.warmUp(WarmUp.SHORT);
    rig.load(0, destinations, "ok", RetryPolicy.DEFAULT);
    WarmUp.run(rig, destinations, warmUp); // of all other parts
    rig.stopWorker(1);
    var rates = new LinkedHashMap<Integer, Double>();
    var kept = new ArrayDeque<Integer>();
    for (int heap : HEAPS_MIB) {
      start(rig, heap);
      double rate = pace(rig, destinations, warmUp, events / HEAPS_MIB.size());
      Progress.tell("%d MiB of heap: %,.0f/s".formatted(heap, rate));
      rates.put(heap, rate);
      if (rate == 0 || rate < SUFFICES * rates.getOrDefault(HEAPS_MIB.getFirst(), 0.0)) {
        break;
      }
      kept.push(heap);
    }
    while (!kept.isEmpty()) {
      int heap = kept.pop();
      var memory = workOff(rig, heap, destinations, events);
      if (!memory.isEmpty()) {
        var figures = figures(heap, rates.getOrDefault(heap, 0.0), memory);
        var settings =
            Map.<String, Object>of(
                "destinations", destinations,
                "events", events,
                "warm_up_events", warmUp,
                "deliveries_per_second_by_heap", rates);
        double ratio = rates.getOrDefault(heap, 0.0) / bare.requestsPerSecond().median();
        return new Result(settings, List.of(figures), ratio, picture(heap, memory));
      }
    }
    throw new IllegalStateException("no worker has worked off %,d events".formatted(events));
  }

  private static void start(Rig rig, int heap) {
    var options = "-Xmx%dm -XX:+ExitOnOutOfMemoryError".formatted(heap);
    rig.restore(Map.of("POSTRIDER_WORKER_JAVA_OPTS", options));
  }

  /** Deliveries per second; 0 for a worker that dies or gets nowhere. */
  private static double pace(Rig rig, int destinations, int warmUp, int share) {
    try {
      WarmUp.run(rig, destinations, warmUp);
      return Drain.of(rig, share, destinations).perSecond();
    } catch (PartFailure | IllegalStateException tooLittle) {
      return 0;
    } finally {
      rig.stopWorker(1);
    }
  }

  /** Memory over millions of deliveries; nothing when the worker dies or takes too long. */
  private static List<double[]> workOff(Rig rig, int heap, int destinations, int events) {
    long first = rig.receivers().progress().count();
    for (int i = 0; i < events; i++) {
      rig.events().publish(i % destinations);
    }
    rig.events().flush();
    start(rig, heap);
    var memory = new ArrayList<double[]>();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    long done = 0;
    while (done < events) {
      if (!rig.hasWorker(1) || System.nanoTime() > deadline) {
        return List.of();
      }
      memory.add(new double[] {done / 1e6, rig.worker(1).residentMib()});
      Await.pause(SAMPLE);
      done = rig.receivers().progress().count() - first;
    }
    return memory;
  }

  private static Map<Figure, Double> figures(int heap, double rate, List<double[]> memory) {
    var figures = new EnumMap<Figure, Double>(Figure.class);
    figures.put(Figure.HEAP_MIB_NEEDED, (double) heap);
    figures.put(Figure.DELIVERIES_PER_SECOND, rate);
    figures.put(
        Figure.MEMORY_SLOPE_MIB_PER_MILLION,
        slope(memory.subList(memory.size() / 4, memory.size())));
    return figures;
  }

  private static Picture picture(int heap, List<double[]> memory) {
    var line = new Picture.Line("-Xmx%dm".formatted(heap), memory);
    return new Picture.Lines(
        "Memory of the worker", "million deliveries", "MiB", Map.of(), List.of(line));
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
