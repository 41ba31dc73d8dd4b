// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.local.Settings;
import dev.postrider.model.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long a worker takes from its process's start to its first delivery; an event waits. */
final class Startup implements Scenario {

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration UNTIL_IDLE = Duration.ofSeconds(5);

  /** With an archive of the classes that are loaded, as {@code deploy/up} has it. */
  @Override
  public Settings prepare(Settings settings) {
    var archive = settings.home().data().resolve("worker.jsa");
    return settings.with(
        "POSTRIDER_WORKER_JAVA_OPTS",
        "-XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=%s -Xlog:cds=off -Xlog:aot=off"
            .formatted(archive));
  }

  @Override
  public Result run(Rig rig, Bare bare, Options options) {
    int destinations = options.destinations(100);
    rig.load(0, destinations, "ok", RetryPolicy.DEFAULT);
    var runs = new ArrayList<Map<Figure, Double>>();
    var bars = new LinkedHashMap<String, Double>();
    for (int run = 1; run <= options.runs(5); run++) {
      var figures = once(rig);
      runs.add(figures);
      bars.put("run " + run, figures.getOrDefault(Figure.FIRST_DELIVERY_SECONDS, 0.0));
      Progress.tell("run %d: %s".formatted(run, figures));
    }
    return new Result(
        Map.of("destinations", destinations),
        List.copyOf(runs),
        Double.NaN,
        new Picture.Bars("Seconds from process start to first delivery", bars));
  }

  private static Map<Figure, Double> once(Rig rig) {
    long before = rig.receivers().progress().count();
    rig.stopWorker(1);
    rig.events().publish(0);
    rig.events().flush();
    rig.restore(Map.of());
    long ready = rig.micros();
    long first = rig.awaitArrivals(before + 1, LIMIT).lastMicros();
    var worker = rig.worker(1);
    long started = Rig.micros(worker.startedAt());
    Await.pause(UNTIL_IDLE);
    var figures = new EnumMap<Figure, Double>(Figure.class);
    figures.put(Figure.FIRST_DELIVERY_SECONDS, (first - started) / 1e6);
    figures.put(Figure.READY_SECONDS, (ready - started) / 1e6);
    figures.put(Figure.RSS_MIB_IDLE, worker.residentMib());
    return figures;
  }
}
