// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Place;
import java.time.Instant;
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
  private Instant headDue = Instant.MIN;

  Queue(Backlog backlog) {
    this.backlog = backlog;
  }

  Backlog backlog() {
    return backlog;
  }

  /** Whether a delivery that comes for the first time must wait behind others. */
  boolean pending(Place place) {
    return backlog.pending() && place.number() > backlog.last();
  }

  /**
   * Whether everything has finished that this one must not overtake; always when nothing is known
   * to be put off, so that whatever goes wrong nobody waits for ever.
   */
  boolean isTurn(Place place) {
    Long behind = place.behind();
    return behind == null || behind <= backlog.finished() || !backlog.pending();
  }

  /** Whom a delivery has to stay behind that is put off now for the first time. */
  long predecessor(@Nullable Work open) {
    if (backlog.pending()) {
      return backlog.last();
    }
    return open == null ? Place.NOBODY : open.delivery().place().number();
  }

  /** When the first one, as far as is known, will be tried again. */
  Instant headDue() {
    return headDue;
  }

  void concluded(Place place, Decision decision) {
    switch (decision) {
      case Decision.Finished _ ->
          backlog = new Backlog(Math.max(backlog.finished(), place.number()), backlog.last());
      case Decision.Parked(Instant until, _) -> {
        headDue = isTurn(place) ? until : headDue;
        backlog = new Backlog(backlog.finished(), Math.max(backlog.last(), place.number()));
      }
    }
  }
}
