// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import java.time.Duration;
import java.util.function.IntUnaryOperator;

/**
 * A backlog worked off, from the worker's first look at it until every outcome is in PostgreSQL.
 *
 * @param answered how many deliveries it was
 * @param seconds by the driver's clock
 * @param workerCpu of the one worker, in the same time
 * @param recorderLag from the last request at the sink to the last row
 */
record Drain(int answered, double seconds, Duration workerCpu, Duration recorderLag) {

  private static final Duration LIMIT = Duration.ofMinutes(4);

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
    var worker = rig.worker(1);
    long before = rig.receivers().progress().count();
    long recorded = rig.database().delivered();
    worker.freeze();
    for (int i = 0; i < events; i++) {
      rig.events().publish(destinationOf.applyAsInt(i));
    }
    rig.events().flush();
    var cpu = worker.cpu();
    long begin = System.nanoTime();
    worker.thaw();
    rig.awaitArrivals(before + answered, LIMIT);
    rig.awaitRecorded(recorded + answered, LIMIT);
    long took = System.nanoTime() - begin;
    var lag = Duration.ofNanos((rig.micros() - rig.receivers().progress().lastMicros()) * 1000);
    return new Drain(answered, took / 1e9, worker.cpu().minus(cpu), lag);
  }

  double perSecond() {
    return answered / seconds;
  }

  double cpuMicros() {
    return workerCpu.toNanos() / 1e3 / answered;
  }
}
