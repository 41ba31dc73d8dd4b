// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.wire.Position;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The order of one destination that takes its events one after the other.
 *
 * <pre>
 *   finished │ 41 retries │ 42 behind 41 │ 43 behind 42 │ last = 43 │ 44 flows? no: behind 43
 * </pre>
 *
 * While something is put off, everything younger is put off behind it, each behind its predecessor,
 * so only {@code finished} and {@code last} must survive a crash: whose predecessor has finished
 * may go. While nothing is, deliveries flow and nothing needs to be remembered. A number up to
 * {@code last} that comes for the first time was on its way before all of those, when a worker
 * died.
 */
final class Queue {

  private Backlog backlog;
  private Backlog reported;
  private boolean kept;
  private Instant headDue = Instant.MIN;
  private long first = -1;

  Queue(Backlog written) {
    this.backlog = written;
    this.reported = written;
    this.kept = !written.equals(Backlog.NONE);
  }

  /** As it was decided. */
  Backlog backlog() {
    return backlog;
  }

  /** Whether a delivery that comes for the first time must wait behind others. */
  boolean pending(Place place) {
    return backlog.pending() && place.number() > backlog.last();
  }

  /** Whether one that comes for the first time goes before all who are put off: see above. */
  boolean wasOnItsWay(Place place) {
    return backlog.pending() && !pending(place);
  }

  /**
   * Whether everything has finished that this one must not overtake; always when nothing is known
   * to be put off, so that whatever goes wrong nobody waits for ever.
   */
  boolean isTurn(Place place) {
    Long behind = place.behind();
    return behind == null || behind <= backlog.finished() || !backlog.pending();
  }

  /**
   * Whom a delivery has to stay behind that is put off now for the first time. Not one that has
   * finished: when nobody else is put off, nothing that survives a crash would tell.
   */
  long predecessor(@Nullable Work open) {
    if (backlog.pending()) {
      return backlog.last();
    }
    long head = open == null ? Place.NOBODY : open.delivery().place().number();
    return head > backlog.finished() ? head : Place.NOBODY;
  }

  /** How many of so many that are put off go before that one, if they lie evenly; else all. */
  int ahead(Place place, int all) {
    long begin = Math.max(first, backlog.finished());
    boolean handedOver = place.number() < 0;
    if (handedOver || !Position.near(begin, backlog.last())) {
      return all;
    }
    double share = (double) (place.number() - begin) / Math.max(1, backlog.last() - begin);
    return (int) (all * Math.clamp(share, 0, 1));
  }

  /** When the first one, as far as is known, will be tried again. */
  Instant headDue() {
    return headDue;
  }

  void concluded(Place place, Decision decision) {
    if (decision instanceof Decision.Parked(Instant until, _)) {
      headDue = isTurn(place) ? until : headDue;
      first = backlog.pending() ? first : place.number();
    }
    backlog = backlog.after(place, decision);
  }

  void reported(Place place, Decision decision) {
    reported = reported.after(place, decision);
  }

  /** What of it must survive a crash: all whose reports are safe, while anybody is put off. */
  Optional<Backlog> written() {
    return backlog.pending() || reported.pending() ? Optional.of(reported) : Optional.empty();
  }

  /** The same, be anybody put off or not. */
  Backlog reported() {
    return reported;
  }

  /** Whether something of it was written last, and is there until a removal is. */
  boolean kept() {
    return kept;
  }

  void kept(boolean now) {
    kept = now;
  }
}
