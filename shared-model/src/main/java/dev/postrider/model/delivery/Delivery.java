// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.PlatformEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to one destination, about to be attempted.
 *
 * @param attempt number of the attempt that comes next, from 1
 * @param due not to be sent before; null for a delivery that never waited
 * @param waitedFor why it waited; null for a delivery that never waited
 * @param place among the deliveries of its destination
 * @param run which pass through its schedule this is
 */
public record Delivery(
    DeliveryId id,
    DestinationId destination,
    PlatformEvent event,
    int attempt,
    @Nullable Instant due,
    Decision.@Nullable Why waitedFor,
    Place place,
    Run run) {

  /**
   * Due time of a delivery that somebody has ordered in place of one that waits: at once. It is
   * always the same, so that an order that is written twice is known for the same.
   */
  public static final Instant AT_ONCE = Instant.EPOCH;

  /** The first attempt of this event at this destination. */
  public static Delivery first(PlatformEvent event, DestinationId destination) {
    DeliveryId id = DeliveryId.of(event, destination);
    return new Delivery(id, destination, event, 1, null, null, Place.NONE, Run.ORIGINAL);
  }

  /** The same delivery after a wait, with this attempt next. */
  public Delivery waiting(int nextAttempt, Decision.Parked parked) {
    return new Delivery(
        id, destination, event, nextAttempt, parked.until(), parked.why(), place, run);
  }

  /** The same delivery, not to overtake the one with that number. */
  public Delivery behind(long other) {
    return at(place.after(other));
  }

  /** The same delivery in another run. */
  public Delivery in(Run other) {
    return new Delivery(id, destination, event, attempt, due, waitedFor, place, other);
  }

  /** The same delivery in that place. */
  public Delivery at(Place other) {
    return new Delivery(id, destination, event, attempt, due, waitedFor, other, run);
  }
}
