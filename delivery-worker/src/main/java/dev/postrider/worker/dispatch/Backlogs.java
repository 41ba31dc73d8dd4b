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
    return queue.wasOnItsWay(delivery.place()) ? work : work.behind(queue.predecessor(head));
  }

  /** Something was decided about a delivery. */
  void concluded(Delivery delivery, Decision decision) {
    if (delivery.place().behind() != null) {
      of(delivery.destination()).concluded(delivery.place(), decision);
    }
  }

  /**
   * The report of it is safe; what must be written before it settles, if anything. No more than is
   * reported, or after a crash those would count as put off whose records come for the first time
   * again. But as soon as somebody is put off at all, or he would wait for ever for one that has
   * finished before his own report was safe.
   */
  Optional<Change> reported(Delivery delivery, Decision decision) {
    if (delivery.place().behind() == null) {
      return Optional.empty();
    }
    Queue queue = of(delivery.destination());
    queue.reported(delivery.place(), decision);
    Optional<Backlog> now = queue.written();
    return now.isPresent() || queue.kept()
        ? Optional.of(change(delivery, queue, now.orElse(null)))
        : Optional.empty();
  }

  private static Change change(Delivery delivery, Queue queue, @Nullable Backlog now) {
    queue.kept(now != null);
    return new Change(delivery.destination(), now);
  }

  /**
   * The same, put off before a crash: not behind somebody who has finished since, of whom nothing
   * may tell. Who is not put off either, and was read before, is in the lane or has finished.
   *
   * @param lane of the destination, if there is one
   */
  Work putOffAgain(Work work, Optional<Lane> lane) {
    Long behind = work.delivery().place().behind();
    if (behind == null) {
      return work;
    }
    Queue queue = of(work.delivery().destination());
    boolean mayHaveFinished = behind > Math.max(queue.backlog().last(), queue.backlog().finished());
    boolean there = lane.isPresent() && lane.get().holds(behind);
    return mayHaveFinished && !there ? work.behind(queue.predecessor(null)) : work;
  }

  /**
   * The report of it was safe before a crash; what must be written before it settles. Always, since
   * it is not known yet who was put off behind it.
   */
  Optional<Change> repeated(Delivery delivery, Decision decision) {
    if (delivery.place().behind() == null) {
      return Optional.empty();
    }
    Queue queue = of(delivery.destination());
    queue.concluded(delivery.place(), decision);
    queue.reported(delivery.place(), decision);
    return Optional.of(change(delivery, queue, queue.reported()));
  }

  /** Forgets what no delivery can refer to any more: to be called when its lane is idle. */
  void forget(DestinationId id) {
    queues.computeIfPresent(
        id, (_, queue) -> queue.written().isPresent() || queue.kept() ? queue : null);
  }
}
