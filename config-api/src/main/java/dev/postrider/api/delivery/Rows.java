// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.api.listing.Cursor;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Rows of deliveries and attempts in the shape of the API. */
final class Rows {

  private Rows() {}

  /**
   * A delivery and its place in the list.
   *
   * @param createdAt the event's time
   */
  record DeliveryRow(Instant createdAt, UUID id, ObjectNode answer) {

    Cursor place() {
      return new Cursor(createdAt, id);
    }
  }

  static DeliveryRow delivery(Readable row) {
    UUID id = required(row, "id", UUID.class);
    Instant createdAt = required(row, "created_at", Instant.class);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("id", new DeliveryId(id).toString());
    answer.put("event_id", EventId.of(required(row, "event_id", UUID.class)).toString());
    answer.put("ce_id", row.get("ce_id", String.class));
    answer.put("event_type", row.get("event_type", String.class));
    UUID destination = required(row, "destination_id", UUID.class);
    answer.put("destination_id", new DestinationId(destination).toString());
    answer.put("state", row.get("state", String.class));
    answer.put("attempt_count", row.get("attempt_count", Integer.class));
    answer.put("next_attempt_at", time(row, "next_attempt_at"));
    answer.put("last_http_status", row.get("last_http_status", Integer.class));
    answer.put("last_reason", row.get("last_reason", String.class));
    answer.put("created_at", createdAt.toString());
    answer.put("updated_at", time(row, "updated_at"));
    return new DeliveryRow(createdAt, id, answer);
  }

  static ObjectNode attempt(Readable row, boolean withBody) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("number", row.get("number", Integer.class));
    answer.put("started_at", time(row, "started_at"));
    answer.put("duration_ms", row.get("duration_ms", Long.class));
    answer.put("outcome", row.get("outcome", String.class));
    answer.put("reason", row.get("reason", String.class));
    answer.put("http_status", row.get("http_status", Integer.class));
    answer.set("request_headers", headers(row, "request_headers"));
    answer.set("response_headers", headers(row, "response_headers"));
    if (withBody) {
      answer.put("response_excerpt", row.get("response_excerpt", String.class));
    }
    answer.put("next_attempt_at", time(row, "next_attempt_at"));
    return answer;
  }

  private static ArrayNode headers(Readable row, String column) {
    ArrayNode headers = JsonNodeFactory.instance.arrayNode();
    new HeaderLines(required(row, column, String.class))
        .list()
        .forEach(
            header -> headers.addObject().put("key", header.key()).put("value", header.value()));
    return headers;
  }

  private static @Nullable String time(Readable row, String column) {
    Instant time = row.get(column, Instant.class);
    return time == null ? null : time.toString();
  }
}
