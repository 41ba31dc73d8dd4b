// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.model.retry.RetryPolicy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How fast a backlog goes when nothing stands in its way. */
final class Throughput implements Scenario {

  @Override
  public Result run(Rig rig, Bare bare, Options options) {
    int destinations = options.destinations(100);
    rig.load(0, destinations, "ok", RetryPolicy.DEFAULT);
    int warmUp = options.warmUp(WarmUp.LONG);
    int backlog = (int) (WarmUp.run(rig, destinations, warmUp) * options.seconds(20));
    var runs = new ArrayList<Map<Figure, Double>>();
    var bars = new LinkedHashMap<String, Double>();
    bars.put("bare client", bare.requestsPerSecond().median());
    var before = bare;
    for (int run = 1; run <= options.runs(7); run++) {
      var drain = Drain.of(rig, backlog, destinations);
      Progress.tell("run %d: %s".formatted(run, drain));
      var after = Bare.measure(rig.receivers(), options);
      runs.add(figures(drain, before, after));
      before = after;
      bars.put("run " + run, drain.perSecond());
    }
    var settings =
        Map.<String, Object>of(
            "destinations", destinations, "events", backlog, "warm_up_events", warmUp);
    double ratio = Spread.of(values(runs)).median();
    return new Result(settings, runs, ratio, new Picture.Bars("Requests per second", bars));
  }

  private static List<Double> values(List<Map<Figure, Double>> runs) {
    return runs.stream().map(run -> run.get(Figure.SHARE_OF_BARE)).toList();
  }

  /** Measured against what the bare client managed just before and just after. */
  private static Map<Figure, Double> figures(Drain drain, Bare before, Bare after) {
    double rate = mean(before.requestsPerSecond(), after.requestsPerSecond());
    double cpu = mean(before.cpuMicrosPerRequest(), after.cpuMicrosPerRequest());
    var figures = new EnumMap<Figure, Double>(Figure.class);
    figures.put(Figure.DELIVERIES_PER_SECOND, drain.perSecond());
    figures.put(Figure.BARE_REQUESTS_PER_SECOND, rate);
    figures.put(Figure.SHARE_OF_BARE, drain.perSecond() / rate);
    figures.put(Figure.WORKER_CPU_US_PER_DELIVERY, drain.cpuMicros());
    figures.put(Figure.BARE_CPU_US_PER_REQUEST, cpu);
    figures.put(Figure.CPU_RATIO, drain.cpuMicros() / cpu);
    figures.put(Figure.RECORDER_LAG_SECONDS_AT_END, drain.recorderLag().toNanos() / 1e9);
    return figures;
  }

  private static double mean(Spread one, Spread other) {
    return (one.median() + other.median()) / 2;
  }
}
