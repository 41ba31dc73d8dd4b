// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.worker.http.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lane of a destination that takes its events one after the other.
 *
 * <pre>
 *   comes for the first time, others are put off  ─► PARK behind the last of them
 *   comes back, and it is not its turn            ─► WAIT for its turn, a moment, else PARK again
 *   else                                          ─► as any lane with a window of one; but when one
 *                                                    must park, all behind it in the line do, in order
 * </pre>
 */
final class FifoLane extends Lane {

  /** So many may have come back before their turn and wait for it in memory. */
  private static final int MOST_EARLY = 200;

  /** Nor more payload than this; in bytes. */
  private static final long LARGEST_EARLY = 1024 * 1024;

  private static final Duration LONGEST_SPREAD = Duration.ofMinutes(1);

  private final Supplier<Queue> queue;
  private final TreeMap<Long, Work> early = new TreeMap<>();
  private long earlyLength;
  private boolean dissolving;

  FifoLane(
      Receiver receiver, RetryTiers tiers, Flights flights, Instant now, Supplier<Queue> queue) {
    super(receiver, tiers, flights, now);
    this.queue = queue;
  }

  @Override
  Answer judge(Work work, Instant now) {
    Place place = work.delivery().place();
    if (mayFlow(work, place)) {
      return super.judge(work, now);
    }
    if (isNew(work)) {
      return dissolving ? putOff(work, now) : inItsPlace(work, now);
    }
    if (early.size() >= MOST_EARLY || earlyLength >= LARGEST_EARLY) {
      return inItsPlace(work, now);
    }
    if (early.putIfAbsent(place.number(), work) != null) {
      return inItsPlace(work, now);
    }
    earlyLength += work.length();
    return new Answer.Wait();
  }

  private Work noLongerEarly(Work work) {
    early.remove(work.delivery().place().number());
    earlyLength -= work.length();
    return work;
  }

  private boolean mayFlow(Work work, Place place) {
    boolean busy = head() != null || super.hasLine();
    return isNew(work) ? !queue.get().pending(place) : !busy && queue.get().isTurn(place);
  }

  private static boolean isNew(Work work) {
    return work.delivery().due() == null;
  }

  /** Nobody is put off past others that stand in the line: then they are put off before him. */
  @Override
  Answer putOff(Work work, Instant now) {
    if (super.hasLine()) {
      dissolving = true;
      stand(work);
      return new Answer.Wait();
    }
    return inItsPlace(work, now);
  }

  private Answer inItsPlace(Work work, Instant now) {
    Decision.Parked own = ((Answer.Park) super.putOff(work, now)).decision();
    Instant head = queue.get().headDue();
    Instant until = own.until().isBefore(head) ? head.plus(spread(now)) : own.until();
    Decision.Parked decision = new Decision.Parked(until, own.why());
    Long behind = work.delivery().place().behind();
    return new Answer.Park(decision, isNew(work) ? (Long) queue.get().predecessor(head()) : behind);
  }

  /** Who waits for the head comes back soon after it, the more of them the less at once. */
  private Duration spread(Instant now) {
    return Parking.shorter(expectedParking(now), LONGEST_SPREAD);
  }

  @Override
  Answer dismiss(Work overdue, Instant now) {
    return gone() ? new Answer.Cancel() : inItsPlace(overdue, now);
  }

  @Override
  @Nullable Work next(Instant now) {
    if (dissolving) {
      return null;
    }
    Work next = super.next(now);
    if (next != null || early.isEmpty() || !roomFor(now)) {
      return next;
    }
    Work first = early.firstEntry().getValue();
    return queue.get().isTurn(first.delivery().place()) ? noLongerEarly(first) : null;
  }

  @Override
  @Nullable Work nextOverdue(Instant now) {
    Work overdue = dissolving ? removeFromLine() : super.nextOverdue(now);
    dissolving = overdue != null && super.hasLine();
    return overdue == null ? nextEarlyOverdue(now) : overdue;
  }

  private @Nullable Work nextEarlyOverdue(Instant now) {
    for (Work work : early.values()) {
      if (isOverdue(work, now)) {
        return noLongerEarly(work);
      }
    }
    return null;
  }

  @Override
  boolean hasLine() {
    return super.hasLine() || !early.isEmpty();
  }

  @Override
  void decided(Decision decision) {
    dissolving |= decision instanceof Decision.Parked && super.hasLine();
  }
}
