// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/**
 * How many requests this worker may begin before it has ended others: what keeps its own queues
 * short, so that the time a request takes is the receiver's and not ours, and what keeps the
 * connections to each receiver few, which makes each request cheaper.
 *
 * <pre>
 *   a request counts until its answer is there, but at most
 *     100 ms  to a receiver that usually answers within 25 ms: it waits for our hands all the while
 *       5 ms  to any other: the rest of the time it waits for the receiver
 *   at most 24 count per processor
 * </pre>
 *
 * So receivers that are slow cost the others nothing. Not thread-safe: the dispatcher's thread owns
 * it.
 */
final class Flights {

  /** Who answers within that is a quick receiver. */
  static final Duration QUICK = Duration.ofMillis(25);

  private static final Duration OF_QUICK = Duration.ofMillis(100);
  private static final Duration OF_SLOW = Duration.ofMillis(5);

  private final int most;
  private final Row quick = new Row(OF_QUICK);
  private final Row slow = new Row(OF_SLOW);

  /** One for a machine with that many processors. */
  Flights(int processors) {
    this.most = 24 * processors;
  }

  /** One request in flight. */
  static final class Flight {
    private final Row row;
    private final Instant countsUntil;
    private boolean counts = true;

    private Flight(Row row, Instant countsUntil) {
      this.row = row;
      this.countsUntil = countsUntil;
    }
  }

  /** Those that count for the same time, oldest first. */
  private static final class Row {
    private final Duration counted;
    private final ArrayDeque<Flight> recent = new ArrayDeque<>();
    private int count;

    Row(Duration counted) {
      this.counted = counted;
    }

    Flight begin(Instant now) {
      Flight flight = new Flight(this, now.plus(counted));
      recent.add(flight);
      count++;
      return flight;
    }

    void end(Flight flight) {
      count -= flight.counts ? 1 : 0;
      flight.counts = false;
      while (!recent.isEmpty() && !recent.element().counts) {
        recent.remove();
      }
    }

    void forgetOld(Instant now) {
      while (!recent.isEmpty() && recent.element().countsUntil.isBefore(now)) {
        end(recent.element());
      }
    }
  }

  /** Whether another may begin. */
  boolean room(Instant now) {
    if (count() >= most) {
      quick.forgetOld(now);
      slow.forgetOld(now);
    }
    return count() < most;
  }

  private int count() {
    return quick.count + slow.count;
  }

  /**
   * One begins.
   *
   * @param toQuick whether the receiver usually answers within 25 ms
   */
  Flight begin(boolean toQuick, Instant now) {
    return (toQuick ? quick : slow).begin(now);
  }

  /** To be told once its answer is there; once more does no harm. */
  void end(Flight flight) {
    flight.row.end(flight);
  }
}
