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
 *   at most 12 to 256 count per processor
 *     one more     after each tick that came in time, if there was no room since the last
 *     half of them after one that came 2 ms late or more: this thread has more to do than it can
 * </pre>
 *
 * So receivers that are slow cost the others nothing, nor do those that are far away. Not
 * thread-safe: the dispatcher's thread owns it.
 */
final class Flights {

  /** Who answers within that is a quick receiver. */
  static final Duration QUICK = Duration.ofMillis(25);

  private static final Duration OF_QUICK = Duration.ofMillis(100);
  private static final Duration OF_SLOW = Duration.ofMillis(5);

  private static final Duration LATE = Duration.ofMillis(2);
  private static final int FEWEST = 12;
  private static final int MOST = 256;

  private final int processors;
  private int most;
  private boolean wanted;
  private Duration late = Duration.ZERO;
  private Instant nextTick = Instant.MAX;
  private final Row quick = new Row(OF_QUICK);
  private final Row slow = new Row(OF_SLOW);

  /** One for a machine with that many processors. */
  Flights(int processors) {
    this.processors = processors;
    this.most = FEWEST * processors;
  }

  /** One request in flight. */
  static final class Flight {
    private final Row row;
    private final Instant since;
    private final Instant countsUntil;
    private final Duration lateAtFirst;
    private boolean counts = true;

    private Flight(Row row, Instant since, Duration lateAtFirst) {
      this.row = row;
      this.since = since;
      this.countsUntil = since.plus(row.counted);
      this.lateAtFirst = lateAtFirst;
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

    Flight begin(Instant now, Duration late) {
      Flight flight = new Flight(this, now, late);
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

  /** Whether another may begin, who would begin now. */
  boolean room(Instant now) {
    boolean room = free(now);
    wanted |= !room;
    return room;
  }

  /** Whether another might begin. */
  boolean free(Instant now) {
    if (count() >= most) {
      quick.forgetOld(now);
      slow.forgetOld(now);
    }
    return count() < most;
  }

  /**
   * What a tick shows: more that are open at once are of use while their thread comes to everything
   * in time, and only wait for each other when it does not.
   *
   * @param later how much later the tick came than it was meant to
   * @param next when the next is meant to come at the latest
   */
  void adjust(Duration later, Instant next) {
    late = later;
    nextTick = next;
    if (late.compareTo(LATE) >= 0) {
      most = Math.max(FEWEST * processors, most / 2);
    } else if (wanted) {
      most = Math.min(MOST * processors, most + 1);
    }
    wanted = false;
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
    return (toQuick ? quick : slow).begin(now, late(now));
  }

  /** For how long its receiver has been waited for. */
  Duration age(Flight flight, Instant now) {
    return theirs(flight, flight.since.until(now), now);
  }

  /**
   * How much of that time was the receiver's. What this thread was late by at the beginning and is
   * now is left out, or a worker that has just started would take every receiver for slow.
   */
  Duration theirs(Flight flight, Duration took, Instant now) {
    Duration theirs = took.minus(flight.lateAtFirst).minus(late(now));
    return theirs.isNegative() ? Duration.ZERO : theirs;
  }

  /** As the latest tick was, or the next is already. */
  private Duration late(Instant now) {
    Duration overdue = nextTick.until(now);
    return overdue.compareTo(late) > 0 ? overdue : late;
  }

  /** To be told once its answer is there; once more does no harm. */
  void end(Flight flight) {
    flight.row.end(flight);
  }
}
