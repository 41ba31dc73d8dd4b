// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.destination.DestinationId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The queues of all destinations of this worker that take events in order, and what of them must be
 * written down. Not thread-safe: the dispatcher's thread owns it.
 */
final class Backlogs {

  private final Map<DestinationId, Queue> queues = new HashMap<>();

  /** What to write for a destination: null when nothing of it is put off any more. */
  record Change(DestinationId destination, @Nullable Backlog backlog) {}

  /** Forgets all, and knows these: as they were written by whoever had the partitions before. */
  void replace(Map<DestinationId, Backlog> written) {
    queues.clear();
    written.forEach((id, backlog) -> queues.put(id, new Queue(backlog)));
  }

  Queue of(DestinationId id) {
    return queues.computeIfAbsent(id, _ -> new Queue(Backlog.NONE));
  }

  /**
   * The same, where it belongs in the order of its destination if it is put off now and was not
   * sent.
   *
   * @param head what is sent, if anything
   */
  Work placed(Work work, @Nullable Work head) {
    Delivery delivery = work.delivery();
    if (delivery.place().behind() == null || delivery.due() != null) {
      return work;
    }
    Queue queue = of(delivery.destination());
    boolean late = queue.backlog().pending() && !queue.pending(delivery.place());
    return late ? work : work.behind(queue.predecessor(head));
  }

  /**
   * Something was decided about a delivery; what must be written before it settles, if anything.
   */
  Optional<Change> concluded(Delivery delivery, Decision decision) {
    if (delivery.place().behind() == null) {
      return Optional.empty();
    }
    DestinationId id = delivery.destination();
    Queue queue = of(id);
    boolean before = queue.backlog().pending();
    queue.concluded(delivery.place(), decision);
    Backlog now = queue.backlog();
    if (now.pending()) {
      return Optional.of(new Change(id, now));
    }
    return before ? Optional.of(new Change(id, null)) : Optional.empty();
  }

  /** Forgets what no delivery can refer to any more: to be called when its lane is idle. */
  void forget(DestinationId id) {
    queues.computeIfPresent(id, (_, queue) -> queue.backlog().pending() ? queue : null);
  }
}
