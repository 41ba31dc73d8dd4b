// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether this worker may still believe that its partitions are its own.
 *
 * <p>A process that stands still (stopped, swapped out, in a long pause of the machine) loses its
 * membership without hearing of it, and wakes up with deliveries in memory that another has sent
 * meanwhile. So the intake renews the lease with each round, and nothing is started without it. A
 * lease that has lapsed is not renewed: the partitions are given up and taken anew, which reads
 * what became of them.
 *
 * <pre>
 *   last heartbeat    last round, frozen          lapsed                others take over
 *   ──┼───────────────┼───────────────────────────┼─────────────────────┼──►
 *     │◄─ ≤ 1.5 s ──►│◄────────── 4 s ──────────►│
 *     │◄───────────────── session timeout, 6 s ────────────────────────►│
 * </pre>
 *
 * Renewed by one thread, asked by any.
 */
final class Lease {

  /** After the last heartbeat; then the group gives the partitions to others. */
  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

  static final Duration HEARTBEAT_INTERVAL = Duration.ofMillis(1500);

  /** Less than what is left of the session when a process freezes just before a heartbeat. */
  private static final Duration LENGTH = Duration.ofSeconds(4);

  private final LongSupplier nanoTime;
  private volatile long renewed;

  /** A lease that begins now. */
  Lease(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    renew();
  }

  boolean holds() {
    return nanoTime.getAsLong() - renewed < LENGTH.toNanos();
  }

  void renew() {
    renewed = nanoTime.getAsLong();
  }
}
