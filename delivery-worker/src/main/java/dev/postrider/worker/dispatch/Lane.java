// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.destination.Destination;
import dev.postrider.worker.http.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One destination in use: what is open, what waits a moment, and how fast it may go. Nobody waits
 * here for longer than a moment; who would have to is told to park, and until when. Not
 * thread-safe: the dispatcher's thread owns it.
 *
 * <pre>
 *   window has room, slot is now ─► GO
 *   expected wait ≤ moment       ─► WAIT   (in the line, in memory)
 *   else                         ─► PARK   (in a retry tier)
 * </pre>
 */
final class Lane {

  /**
   * A hanging receiver's deliveries come back this often at the least, so that its recovery is
   * noticed.
   */
  private static final Duration LONGEST_PARKING = Duration.ofMinutes(2);

  private final Duration moment;
  private final Pace pace;
  private final Map<Work, Instant> open = new LinkedHashMap<>();
  private final ArrayDeque<Work> line = new ArrayDeque<>();
  private Receiver receiver;
  private Instant lastUsed;
  private int parked;

  Lane(Receiver receiver, Duration moment, Instant now) {
    this.receiver = receiver;
    this.moment = moment;
    this.pace = new Pace(receiver.destination().limits(), now);
    this.lastUsed = now;
  }

  /** What a lane says to a delivery. */
  sealed interface Answer {
    /** Send it now. */
    record Go() implements Answer {}

    /** It stands in the line now. */
    record Wait() implements Answer {}

    /** It would wait too long: put it off. */
    record Park(Decision.Parked decision) implements Answer {}
  }

  Receiver receiver() {
    return receiver;
  }

  /** Whether the receiver was made from this very snapshot and its keys still hold. */
  boolean serves(Destination destination, Instant now) {
    return receiver.destination().version() == destination.version() && receiver.fresh(now);
  }

  void serve(Receiver newest) {
    receiver = newest;
    pace.limitTo(newest.destination().limits());
  }

  Answer offer(Work work, Instant now) {
    lastUsed = now;
    if (work.delivery().waitedFor() == Decision.Why.FULL) {
      parked = Math.max(0, parked - 1);
    }
    boolean ownsSlot = ownsSlot(work, now);
    if (line.isEmpty() && roomFor(ownsSlot, now)) {
      return new Answer.Go();
    }
    Duration bySlot = Duration.between(now, pace.earliest(ownsSlot));
    if (bySlot.compareTo(moment) > 0) {
      return new Answer.Park(new Decision.Parked(pace.takeSlot(now), Decision.Why.PACED));
    }
    if (expectedWait(now).compareTo(moment) > 0) {
      return new Answer.Park(full(now));
    }
    line.add(work);
    return new Answer.Wait();
  }

  /** A slot is owned only around its time: those that passed during an outage do not add up. */
  private boolean ownsSlot(Work work, Instant now) {
    Instant due = work.delivery().due();
    return work.delivery().waitedFor() == Decision.Why.PACED
        && due != null
        && !due.plus(moment).isBefore(now);
  }

  private boolean roomFor(boolean ownsSlot, Instant now) {
    return open.size() < pace.window() && !pace.earliest(ownsSlot).isAfter(now);
  }

  private Duration expectedWait(Instant now) {
    return pace.expectedWait(open.size() + line.size() + 1 - pace.window(), oldestOpen(now));
  }

  private Duration oldestOpen(Instant now) {
    return open.isEmpty() ? Duration.ZERO : Duration.between(open.values().iterator().next(), now);
  }

  /**
   * Who is put off comes back after half of the wait that is expected for him: should the receiver
   * be quicker by then, he is served; if not, he has come back but a few times when it is his turn.
   */
  Decision.Parked full(Instant now) {
    parked++;
    Duration half = pace.expectedWait(parked, oldestOpen(now)).dividedBy(2);
    Duration atLeast = half.compareTo(moment) > 0 ? half : moment;
    Duration wait = atLeast.compareTo(LONGEST_PARKING) < 0 ? atLeast : LONGEST_PARKING;
    return new Decision.Parked(now.plus(wait), Decision.Why.FULL);
  }

  /** The next of the line, if it may go now. */
  @Nullable Work next(Instant now) {
    Work head = line.peek();
    if (head == null || !roomFor(ownsSlot(head, now), now)) {
      return null;
    }
    return line.remove();
  }

  /** The next of the line, if it has waited for much longer than was expected. */
  @Nullable Work nextOverdue(Instant now) {
    Work head = line.peek();
    return head == null || head.since().plus(moment.multipliedBy(2)).isAfter(now)
        ? null
        : line.remove();
  }

  boolean hasLine() {
    return !line.isEmpty();
  }

  void opened(Work work, Instant now) {
    if (!ownsSlot(work, now)) {
      pace.takeSlot(now);
    }
    open.put(work, now);
  }

  /** Its report is safe: only now does the request no longer count as in flight. */
  void closed(Work work) {
    open.remove(work);
  }

  Pace pace() {
    return pace;
  }

  /** Whether nothing has happened here for that long, so that it can be forgotten. */
  boolean idleFor(Duration time, Instant now) {
    return open.isEmpty()
        && line.isEmpty()
        && lastUsed.plus(time).isBefore(now)
        && !pace.earliest(false).isAfter(now);
  }
}
