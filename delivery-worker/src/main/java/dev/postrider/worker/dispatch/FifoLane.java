// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.worker.http.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lane of a destination that takes its events one after the other.
 *
 * <pre>
 *   comes for the first time, others are put off  ─► WAIT behind them while there is progress,
 *                                                    else PARK behind the last of them
 *   comes back, and it is not its turn            ─► WAIT for its turn while there is progress,
 *                                                    else PARK again
 *   else                                          ─► as any lane with a window of one; but when one
 *                                                    must park, all behind it in the line do, in order
 * </pre>
 */
final class FifoLane extends Lane {

  /** So many may have come back before their turn, and be new behind all who are put off. */
  private static final int MOST_WAITING = 200;

  /** Nor more payload than this of either; in bytes. */
  private static final long LARGEST_WAITING = 1024 * 1024;

  /**
   * Who is next in turn comes back by then. If the others went meanwhile, each would come back a
   * little after the one before, as they were published, and the order would never move faster than
   * more is published.
   */
  private static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(5);

  private final Supplier<Queue> queue;
  private final TreeMap<Long, Work> early = new TreeMap<>();
  private long earlyLength;
  private final Deque<Work> newcomers = new ArrayDeque<>();
  private long newcomersLength;
  private boolean leaving;
  private boolean progress;
  private Instant moved;
  private boolean dissolving;

  FifoLane(
      Receiver receiver,
      RetryTiers tiers,
      Flights flights,
      IntSupplier crowd,
      Instant now,
      Supplier<Queue> queue) {
    super(receiver, tiers, flights, crowd, now);
    this.queue = queue;
    this.moved = now;
  }

  /** So they come back in their order, each about when it is its turn. */
  @Override
  int ahead(Work work) {
    return queue.get().ahead(work.delivery().place(), super.ahead(work));
  }

  @Override
  Answer judge(Work work, Instant now) {
    Place place = work.delivery().place();
    if (isNew(work) && mustWait(place, now)) {
      newcomers.add(work);
      newcomersLength += work.length();
      return new Answer.Wait();
    }
    if (mayFlow(work, place)) {
      return super.judge(work, now);
    }
    if (isNew(work)) {
      return dissolving ? putOff(work, now) : inItsPlace(work, now);
    }
    if (early.putIfAbsent(place.number(), work) != null) {
      return inItsPlace(work, now);
    }
    earlyLength += work.length();
    return new Answer.Wait();
  }

  /** Behind those who stand here already, whatever becomes of them; else if it will not be long. */
  private boolean mustWait(Place place, Instant now) {
    return !newcomers.isEmpty() || (queue.get().pending(place) && moves(now) && !dissolving);
  }

  private boolean moves(Instant now) {
    moved = progress ? now : moved;
    progress = false;
    return now.isBefore(moved.plus(LONGEST_STANDSTILL));
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
    Instant until = own.until().isBefore(head) ? head.plus(spread(work, now)) : own.until();
    Decision.Parked decision = new Decision.Parked(until, own.why());
    Place place = work.delivery().place();
    boolean comesLast = isNew(work) && !queue.get().wasOnItsWay(place);
    Long behind = comesLast ? (Long) queue.get().predecessor(head()) : place.behind();
    return new Answer.Park(decision, behind);
  }

  /** Who waits for the head comes back soon after it, the more of them the less at once. */
  private Duration spread(Work work, Instant now) {
    return Parking.shorter(expectedParking(ahead(work), now), LONGEST_PARKING);
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
    if (next != null || !roomFor(now)) {
      return next;
    }
    if (!early.isEmpty()) {
      Work first = early.firstEntry().getValue();
      return queue.get().isTurn(first.delivery().place()) ? noLongerEarly(first) : null;
    }
    Work newcomer = newcomers.peek();
    boolean flows =
        newcomer != null && !leaving && !queue.get().pending(newcomer.delivery().place());
    return flows ? noLongerNew() : null;
  }

  private Work noLongerNew() {
    Work work = newcomers.remove();
    newcomersLength -= work.length();
    return work;
  }

  @Override
  @Nullable Work nextOverdue(Instant now) {
    Work overdue = dissolving ? removeFromLine() : super.nextOverdue(now);
    dissolving = overdue != null && super.hasLine();
    overdue = overdue == null ? nextEarlyOverdue(now) : overdue;
    return overdue == null ? nextNewOverdue(now) : overdue;
  }

  /** When one goes all do, in their order. */
  private @Nullable Work nextNewOverdue(Instant now) {
    if (newcomers.isEmpty() || super.hasLine()) {
      return null;
    }
    leaving |= gone() || tooMany(newcomers.size(), newcomersLength);
    leaving |= !moves(now) && isOverdue(newcomers.element(), now);
    if (!leaving) {
      return null;
    }
    leaving = newcomers.size() > 1;
    return noLongerNew();
  }

  private static boolean tooMany(int count, long length) {
    return count > MOST_WAITING || length > LARGEST_WAITING;
  }

  private @Nullable Work nextEarlyOverdue(Instant now) {
    if (tooMany(early.size(), earlyLength)) {
      return noLongerEarly(early.lastEntry().getValue());
    }
    if (moves(now) && !gone()) {
      return null;
    }
    for (Work work : early.values()) {
      if (isOverdue(work, now)) {
        return noLongerEarly(work);
      }
    }
    return null;
  }

  @Override
  boolean holds(long number) {
    return super.holds(number)
        || early.containsKey(number)
        || newcomers.stream().anyMatch(work -> work.number() == number);
  }

  @Override
  boolean hasLine() {
    return super.hasLine() || !early.isEmpty() || !newcomers.isEmpty();
  }

  @Override
  void decided(Decision decision) {
    progress |= decision instanceof Decision.Finished;
    dissolving |= decision instanceof Decision.Parked && super.hasLine();
  }
}
