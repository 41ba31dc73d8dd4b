// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/**
 * How many requests this worker may begin before it has ended others: what keeps its own queues
 * short, so that the time a request takes is the receiver's and not ours.
 *
 * <pre>
 *   a request counts until its report is safe, or for 25 ms, whichever is sooner;
 *   at most 48 count per processor
 * </pre>
 *
 * So receivers that are slow cost the others nothing: theirs count for 25 ms only. Not thread-safe:
 * the dispatcher's thread owns it.
 */
final class Flights {

  private static final Duration COUNTED = Duration.ofMillis(25);

  private final int most;
  private final ArrayDeque<Flight> recent = new ArrayDeque<>();
  private int counted;

  /** One for a machine with that many processors. */
  Flights(int processors) {
    this.most = 48 * processors;
  }

  /** One request in flight. */
  static final class Flight {
    private final Instant begun;
    private boolean counts = true;

    private Flight(Instant begun) {
      this.begun = begun;
    }
  }

  /** Whether another may begin. */
  boolean room(Instant now) {
    if (counted >= most) {
      forget(now.minus(COUNTED));
    }
    return counted < most;
  }

  Flight begin(Instant now) {
    forget(now.minus(COUNTED));
    Flight flight = new Flight(now);
    recent.add(flight);
    counted++;
    return flight;
  }

  void end(Flight flight) {
    counted -= flight.counts ? 1 : 0;
    flight.counts = false;
    while (!recent.isEmpty() && !recent.element().counts) {
      recent.remove();
    }
  }

  private void forget(Instant begunBefore) {
    while (!recent.isEmpty() && recent.element().begun.isBefore(begunBefore)) {
      Flight old = recent.remove();
      counted -= old.counts ? 1 : 0;
      old.counts = false;
    }
  }
}
