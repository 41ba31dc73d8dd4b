// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.Ordering;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.worker.http.Receiver;
import dev.postrider.worker.http.Sender;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of all destinations in use. One that is not used costs nothing: it is made with the
 * first delivery and forgotten soon after the last. Not thread-safe, but for what metrics ask.
 */
final class Lanes {

  private final Sender sender;
  private final RetryTiers tiers;
  private final Backlogs backlogs;
  private final Flights flights = new Flights(Loop.processorsEach());
  private final Map<DestinationId, Lane> lanes = new HashMap<>();
  private final LinkedHashSet<Lane> lined = new LinkedHashSet<>();
  private volatile Map<Lane.State, Long> counts = Map.of();
  private int crowd;

  /**
   * No lane yet.
   *
   * @param tiers whoever would have to wait for the shortest is put off, all others wait in memory
   */
  Lanes(Sender sender, RetryTiers tiers, Backlogs backlogs) {
    this.sender = sender;
    this.tiers = tiers;
    this.backlogs = backlogs;
  }

  /** How many were in that state when they were last reviewed. */
  long count(Lane.State state) {
    return counts.getOrDefault(state, 0L);
  }

  /** The lane of the destination, ready to send to it as it is configured now. */
  Lane of(Destination destination, Instant now) {
    Lane lane = lanes.get(destination.id());
    boolean inOrder = destination.ordering() == Ordering.FIFO;
    if (lane == null || inOrder != lane instanceof FifoLane) {
      lane = made(sender.ready(destination, now), inOrder, now);
      lanes.put(destination.id(), lane);
    } else if (!lane.serves(destination, now)) {
      lane.serve(sender.ready(destination, now));
    }
    return lane;
  }

  /** The lane of the destination, if it is in use. */
  Optional<Lane> find(DestinationId id) {
    return Optional.ofNullable(lanes.get(id));
  }

  private Lane made(Receiver receiver, boolean inOrder, Instant now) {
    DestinationId id = receiver.destination().id();
    return inOrder
        ? new FifoLane(receiver, tiers, flights, () -> crowd, now, () -> backlogs.of(id))
        : new Lane(receiver, tiers, flights, () -> crowd, now);
  }

  /** Order is known to him only who has the partition: lanes from before are not continued. */
  void forgetOrdered() {
    lanes.values().removeIf(FifoLane.class::isInstance);
    lanes.values().forEach(Lane::forgetParked);
  }

  /**
   * How well this worker's hands keep up: by how late a tick came, and until when the next is due.
   */
  void adjust(Duration late, Instant next) {
    flights.adjust(late, next);
  }

  /** Whether this worker has a hand free for another request. */
  boolean handFree(Instant now) {
    return flights.free(now);
  }

  /** Those in which something waits. */
  List<Lane> lined() {
    return List.copyOf(lined);
  }

  /** The one of those whose turn it is; it goes to the end. */
  @Nullable Lane nextLined() {
    if (lined.isEmpty()) {
      return null;
    }
    Lane next = lined.removeFirst();
    lined.add(next);
    return next;
  }

  /** How many wait in lanes for nothing but this worker. */
  int waitingForUs(Instant now) {
    int waiting = 0;
    for (Lane lane : lined) {
      waiting += lane.waitingForUs(now);
    }
    return waiting;
  }

  /** To be called whenever the line of a lane may have become longer or shorter. */
  void lineChanged(Lane lane) {
    if (lane.hasLine()) {
      lined.add(lane);
    } else {
      lined.remove(lane);
    }
  }

  /** Forgets lanes that are not used any more, and counts the others. */
  void review(Instant now) {
    List<DestinationId> idle =
        lanes.entrySet().stream()
            .filter(entry -> entry.getValue().idle(now))
            .map(Map.Entry::getKey)
            .toList();
    idle.forEach(lanes::remove);
    idle.forEach(backlogs::forget);
    crowd = (int) lanes.values().stream().filter(lane -> lane.putsOff(now)).count();
    counts = lanes.values().stream().collect(groupingBy(lane -> lane.state(now), counting()));
  }
}
