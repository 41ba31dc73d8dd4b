// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What was read from one partition of a retry tier and is not due yet.
 *
 * <p>A tier's records have one delay, so they leave the tier in the order they came; the reader
 * stops reading while one waits here. A record whose own due time is a little later than its tier's
 * waits for the rest in a second, sorted line, so that it holds nobody up: if the rest is less than
 * the shortest delay there is, or less than the caller has room for. Never early: a record is
 * handed out at its due time or after. Confined to the intake's thread.
 *
 * @param <T> what waits
 */
public final class WaitingLine<T> {

  private static final int MOST_SOON = 2_000;

  /** Whoever else could hop does so before those who cannot would hold anybody up. */
  private static final int MOST_STAYING = MOST_SOON / 2;

  private final Duration delay;
  private final Duration shortestWait;
  private final ArrayDeque<Waiting<T>> tier = new ArrayDeque<>();
  private final PriorityQueue<Waiting<T>> soon =
      new PriorityQueue<>((one, other) -> one.due().compareTo(other.due()));

  private record Waiting<T>(T item, Instant leaves, Instant due) {}

  /**
   * A line for a tier.
   *
   * @param delay of the tier, counted from when a record was written
   * @param shortestWait below which a wait is not worth another tier
   */
  public WaitingLine(Duration delay, Duration shortestWait) {
    this.delay = delay;
    this.shortestWait = shortestWait;
  }

  /** Takes a record in. */
  public void add(T item, Instant written, Instant due) {
    tier.add(new Waiting<>(item, written.plus(delay), due));
  }

  /**
   * Hands out what may go on.
   *
   * @param stay who has less than this to wait may do so here, as long as not too many do
   * @param ready gets what is due
   * @param hopping gets what has left this tier, and when it did, and has longer to wait
   */
  public void release(
      Instant now, Duration stay, Consumer<T> ready, BiConsumer<T, Instant> hopping) {
    while (!tier.isEmpty() && mayLeave(tier.peek(), now)) {
      Waiting<T> head = tier.remove();
      if (now.until(head.due()).compareTo(longestStay(stay)) < 0) {
        soon.add(head);
      } else {
        hopping.accept(head.item(), head.leaves());
      }
    }
    while (!soon.isEmpty() && !soon.peek().due().isAfter(now)) {
      ready.accept(soon.remove().item());
    }
  }

  private Duration longestStay(Duration stay) {
    return soon.size() < MOST_STAYING && stay.compareTo(shortestWait) > 0 ? stay : shortestWait;
  }

  /** What is due may leave even before the tier's own time: the due time is what counts. */
  private static boolean mayLeave(Waiting<?> head, Instant now) {
    return !head.leaves().isAfter(now) || !head.due().isAfter(now);
  }

  /** When {@link #release} will next have something to do; the far future when nothing waits. */
  public Instant next() {
    Instant next = Instant.MAX;
    if (!tier.isEmpty()) {
      Waiting<T> head = tier.peek();
      next = head.leaves().isBefore(head.due()) ? head.leaves() : head.due();
    }
    return !soon.isEmpty() && soon.peek().due().isBefore(next) ? soon.peek().due() : next;
  }

  /** Whether one waits here for the tier's own time; nobody who came after him has left. */
  public boolean waits() {
    return !tier.isEmpty();
  }

  /** Whether reading must stop: what would be read now is due later still. */
  public boolean holdsUp() {
    return !tier.isEmpty() || soon.size() > MOST_SOON;
  }
}
