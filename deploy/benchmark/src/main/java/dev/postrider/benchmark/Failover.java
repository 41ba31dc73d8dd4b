// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.benchmark.Receivers.Arrival;
import dev.postrider.local.Settings;
import dev.postrider.model.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Two workers under a steady load, one of them killed: how long until all is served again. */
final class Failover implements Scenario {

  private static final int WARM_UP_SECONDS = 15;
  private static final Duration SETTLED = Duration.ofSeconds(20);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** What was on the wire when the worker died still arrives. */
  private static final long IN_THE_AIR_MICROS = 20_000;

  @Override
  public Settings prepare(Settings settings) {
    return settings.with("POSTRIDER_WORKERS", "2");
  }

  @Override
  public Result run(Rig rig, Bare bare, Options options) {
    int destinations = options.destinations(100);
    int rate = options.rate(500);
    int seconds = options.seconds(30);
    rig.load(0, destinations, "ok", RetryPolicy.DEFAULT);
    int warmUp = options.warmUp(WarmUp.SHORT);
    WarmUp.run(rig, destinations, warmUp);
    var runs = new ArrayList<Map<Figure, Double>>();
    Picture picture = new Picture.Bars("", Map.of());
    for (int run = 1; run <= options.runs(3); run++) {
      Schedule.run(rig, rate, WARM_UP_SECONDS, i -> i % destinations);
      long before = rig.receivers().progress().count();
      rig.receivers().record();
      var killed =
          CompletableFuture.supplyAsync(
              () -> kill(rig), CompletableFuture.delayedExecutor(seconds / 3, TimeUnit.SECONDS));
      var schedule = Schedule.run(rig, rate, seconds, i -> i % destinations);
      rig.awaitArrivals(before + schedule.events(), LIMIT);
      Await.pause(SETTLED);
      var arrivals = rig.receivers().recorded();
      runs.add(figures(schedule, arrivals, killed.join(), destinations));
      Progress.tell("run %d: %s".formatted(run, runs.getLast()));
      picture = picture(arrivals, schedule);
      rig.restore(Map.of());
    }
    return new Result(
        Map.of(
            "destinations",
            destinations,
            "rate",
            rate,
            "seconds",
            seconds,
            "workers",
            2,
            "warm_up_events",
            warmUp),
        List.copyOf(runs),
        rate / bare.requestsPerSecond().median(),
        picture);
  }

  private static long kill(Rig rig) {
    long at = rig.micros();
    rig.killWorker(2);
    return at;
  }

  /** The first delivery counts where it came last: of the destination that had to wait longest. */
  private static Map<Figure, Double> figures(
      Schedule schedule, List<Arrival> arrivals, long killed, int destinations) {
    var events = new HashSet<Long>();
    var back = new HashMap<Long, Long>();
    int repeated = 0;
    for (Arrival arrival : arrivals) {
      if (schedule.due(arrival.event()) == 0) {
        continue;
      }
      repeated += events.add(arrival.event()) ? 0 : 1;
      if (arrival.micros() > killed + IN_THE_AIR_MICROS) {
        back.putIfAbsent((arrival.event() - schedule.first()) % destinations, arrival.micros());
      }
    }
    var waits = new Percentiles(back.values().stream().mapToLong(at -> at - killed).toArray());
    Progress.tell(
        "next delivery of a destination after the kill: half within %.2f s, 90 %% %.2f s, all %.2f s"
            .formatted(waits.at(.5) / 1e6, waits.at(.9) / 1e6, waits.at(1) / 1e6));
    var figures = new EnumMap<Figure, Double>(Figure.class);
    figures.put(Figure.FIRST_DELIVERY_SECONDS, waits.at(1) / 1e6);
    figures.put(Figure.LOST, (double) (schedule.events() - events.size()));
    figures.put(Figure.REPEATED, (double) repeated);
    return figures;
  }

  private static Picture picture(List<Arrival> arrivals, Schedule schedule) {
    var counts = new HashMap<Long, Integer>();
    long begin = schedule.due()[0];
    arrivals.forEach(
        arrival -> counts.merge((arrival.micros() - begin) / 500_000, 1, Integer::sum));
    long end = counts.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    var points = new ArrayList<double[]>();
    for (long slot = 0; slot <= end; slot++) {
      points.add(new double[] {slot / 2.0, counts.getOrDefault(slot, 0) * 2.0});
    }
    var line = new Picture.Line("arrivals", points);
    return new Picture.Lines(
        "One of two workers is killed", "s", "deliveries/s", Map.of(), List.of(line));
  }
}
