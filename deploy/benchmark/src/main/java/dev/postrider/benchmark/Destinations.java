// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.model.retry.RetryPolicy;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What it costs that a tenant has very many destinations, of which an event concerns one. */
final class Destinations implements Scenario {

  private static final int USED = 100;
  private static final int PROBE = 1_000;

  @Override
  public Result run(Rig rig, Bare bare, Options options) {
    int all = Math.max(USED + 1, options.destinations(100_000));
    int seconds = options.seconds(15);
    rig.load(0, USED, "ok", RetryPolicy.DEFAULT);
    double rate = WarmUp.run(rig, USED, options.warmUp(WarmUp.SHORT));
    double few = Drain.of(rig, (int) (rate * seconds), USED).perSecond();
    double heapBefore = rig.worker(1).heapMib();
    Progress.tell("%,d loaded: %,.0f/s, heap %.1f MiB".formatted(USED, few, heapBefore));
    rig.load(USED, all, "ok", RetryPolicy.DEFAULT);
    // The router waits until its directory has all that was published before the event.
    Drain.of(rig, USED, USED);
    double heap = rig.worker(1).heapMib() - heapBefore;
    double probed = Drain.of(rig, PROBE, USED).perSecond();
    double many = Drain.of(rig, (int) Math.max(PROBE, probed * seconds), USED).perSecond();
    Progress.tell("%,d loaded: %,.0f/s, %.1f MiB more".formatted(all, many, heap));
    double load = coldLoad(rig);
    var figures = new EnumMap<Figure, Double>(Figure.class);
    figures.put(Figure.THROUGHPUT_RATIO, many / few);
    figures.put(Figure.DIRECTORY_HEAP_MIB, heap);
    figures.put(Figure.LOAD_SECONDS, load);
    var bars = new LinkedHashMap<String, Double>();
    bars.put(USED + " loaded", few);
    bars.put(all + " loaded", many);
    return new Result(
        Map.of("destinations", all, "used", USED, "seconds", seconds),
        List.of(figures),
        many / bare.requestsPerSecond().median(),
        new Picture.Bars("Deliveries per second", bars));
  }

  /** From the start of a new worker's process until it has the whole directory and is ready. */
  private static double coldLoad(Rig rig) {
    rig.stopWorker(1);
    rig.restore(Map.of());
    return (rig.micros() - Rig.micros(rig.worker(1).startedAt())) / 1e6;
  }
}
