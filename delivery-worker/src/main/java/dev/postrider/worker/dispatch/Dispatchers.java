// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.worker.metrics.DeliveryMetrics;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One dispatcher for every two processors, each on a thread of its own with its own connections.
 * All that goes to a destination goes through one of them, so they need not know of each other.
 */
public final class Dispatchers implements AutoCloseable {

  private final List<Dispatcher> all;

  /** As many as this machine needs, made by that. */
  public Dispatchers(Supplier<Dispatcher> made, DeliveryMetrics metrics) {
    this.all = Stream.generate(made).limit(Loop.mostUseful()).toList();
    for (Lane.State state : Lane.State.values()) {
      String label = state.name().toLowerCase(Locale.ROOT);
      metrics.gauge("postrider.lanes", () -> lanes(state), "state", label);
    }
  }

  private long lanes(Lane.State state) {
    return all.stream().mapToLong(one -> one.lanes(state)).sum();
  }

  private Dispatcher of(DestinationId destination) {
    return all.get(Math.floorMod(destination.hashCode(), all.size()));
  }

  /** Takes a delivery that is due. */
  public void accept(Delivery delivery, Claim claim) {
    of(delivery.destination()).accept(delivery, claim);
  }

  /**
   * Takes a delivery whose report was written before a crash: only what follows from it is done.
   */
  public void repeat(Delivery delivery, Report report, Claim claim) {
    of(delivery.destination()).repeat(delivery, report, claim);
  }

  /** Takes a delivery with which somebody else met a defect of ours: it counts as refused. */
  public void refuse(Delivery delivery, Claim claim, RuntimeException defect) {
    of(delivery.destination()).refuse(delivery, claim, defect);
  }

  /**
   * Other partitions are this worker's from now on.
   *
   * @param written what was put off, of destinations in these partitions that want order
   */
  public void takeOver(Map<DestinationId, Backlog> written) {
    for (Dispatcher one : all) {
      Map<DestinationId, Backlog> own = new HashMap<>(written);
      own.keySet().removeIf(id -> of(id) != one);
      one.takeOver(own);
    }
  }

  /**
   * How many deliveries wait for nothing but this worker, on each of its threads in the mean:
   * whoever brings more should wait while they are many. May be asked by any thread.
   */
  public int waiting() {
    int waiting = 0;
    for (Dispatcher one : all) {
      waiting += one.waiting();
    }
    return waiting / all.size();
  }

  /** Stops all of them; what is not settled by now stays unsettled. */
  @Override
  public void close() {
    all.forEach(Dispatcher::close);
  }
}
