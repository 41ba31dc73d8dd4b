// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.delivery.Run;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventType;
import dev.postrider.model.event.Payload;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.event.TenantId;
import io.r2dbc.spi.Readable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * A delivery as it stands in PostgreSQL, as far as it matters to whoever orders something about it.
 *
 * @param attempts how many were made, as recorded by now
 * @param run the latest
 * @param first number of the attempt from which its schedule counts
 * @param place in the order of its destination; {@link Place#NONE} where there is none
 */
record StoredDelivery(
    DeliveryId id,
    DestinationId destination,
    EventId event,
    String ceId,
    EventType type,
    DeliveryState state,
    int attempts,
    long run,
    int first,
    Place place) {

  /** What {@link #read} needs of {@code deliveries}. */
  static final String COLUMNS =
      "id, destination_id, event_id, ce_id, event_type, state, attempt_count, run, first_attempt,"
          + " place, behind";

  static StoredDelivery read(Readable row) {
    Long place = row.get("place", Long.class);
    return new StoredDelivery(
        new DeliveryId(required(row, "id", UUID.class)),
        new DestinationId(required(row, "destination_id", UUID.class)),
        EventId.of(required(row, "event_id", UUID.class)),
        required(row, "ce_id", String.class),
        new EventType(required(row, "event_type", String.class)),
        DeliveryState.valueOf(required(row, "state", String.class).toUpperCase(Locale.ROOT)),
        required(row, "attempt_count", Integer.class),
        required(row, "run", Long.class),
        required(row, "first_attempt", Integer.class),
        place == null ? Place.NONE : new Place(place, row.get("behind", Long.class)));
  }

  /** Whether something of it waits, as far as was reported. */
  boolean waits() {
    return switch (state) {
      case PENDING, RETRYING, WAITING_AUTHORIZATION -> true;
      case DELIVERED, FAILED, CANCELLED -> false;
    };
  }

  /**
   * The same, to be attempted at once; what was called off may still wait somewhere, and must not
   * come as well.
   *
   * @param schedule number of the attempt from which its schedule counts
   */
  Delivery again(PlatformEvent payload, long number, int schedule) {
    return waits() || state == DeliveryState.CANCELLED
        ? instead(payload, new Run(number, schedule, Run.Purpose.REPLACE))
        : new Delivery(
            id,
            destination,
            payload,
            attempts + 1,
            null,
            null,
            Place.NONE,
            new Run(number, schedule, Run.Purpose.SEND));
  }

  /** The same, not to be attempted any more. */
  Delivery calledOff(TenantId tenant, long number) {
    return instead(withoutPayload(tenant), new Run(number, first, Run.Purpose.CANCEL));
  }

  /** It takes the place of what waits, so it comes as if it had waited. */
  private Delivery instead(PlatformEvent payload, Run ordered) {
    Decision.Why waitedFor =
        state == DeliveryState.PENDING ? Decision.Why.FULL : Decision.Why.RETRY;
    return new Delivery(
        id, destination, payload, attempts + 1, Delivery.AT_ONCE, waitedFor, place, ordered);
  }

  /** The payload may be gone, and nobody will see it. */
  private PlatformEvent withoutPayload(TenantId tenant) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", ceId);
    attributes.put("source", "/postrider");
    attributes.put("type", type.value());
    attributes.put("tenantid", tenant.value());
    return new EventDraft(attributes, null, Payload.of(null)).at(event);
  }
}
