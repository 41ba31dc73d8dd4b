// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.api.listing.Cursor;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.event.TimeOrderedUuid;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An order to send many deliveries of a destination again, and how far it has come.
 *
 * @param run the number of the run in which all of them are sent
 * @param total how many were found by now; null before it has begun
 * @param done how many the worker has been told to send
 * @param skipped how many could not be sent, since their payload is past retention
 * @param owner whoever works on it, or did last; another each time that it is taken on
 */
record Replay(
    TenantId tenant,
    UUID id,
    DestinationId destination,
    ReplayFilter filter,
    String state,
    @Nullable String reason,
    long run,
    @Nullable Long total,
    long done,
    long skipped,
    ReplayCursor cursor,
    @Nullable String owner,
    Instant createdAt,
    Instant updatedAt) {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String PREFIX = "rpl_";

  static String text(UUID id) {
    return PREFIX + id;
  }

  Cursor place() {
    return new Cursor(createdAt, id);
  }

  /** Reads the text form of an id. */
  static UUID parse(String text) {
    return TimeOrderedUuid.parse(PREFIX, text);
  }

  static Replay read(Readable row) {
    Instant createdAt = required(row, "created_at", Instant.class);
    ObjectNode filter = (ObjectNode) JSON.readTree(required(row, "filter", Json.class).asString());
    Json cursor = row.get("cursor", Json.class);
    return new Replay(
        new TenantId(required(row, "tenant", String.class)),
        required(row, "id", UUID.class),
        new DestinationId(required(row, "destination_id", UUID.class)),
        ReplayFilter.read(filter, createdAt),
        required(row, "state", String.class),
        row.get("reason", String.class),
        required(row, "run", Long.class),
        row.get("total", Long.class),
        required(row, "done", Long.class),
        required(row, "skipped", Long.class),
        cursor == null
            ? new ReplayCursor.Recorded(null)
            : ReplayCursor.read(JSON.readTree(cursor.asString())),
        row.get("owner", String.class),
        createdAt,
        required(row, "updated_at", Instant.class));
  }

  /** In the shape of the API. */
  ObjectNode answer() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("id", text(id));
    answer.put("destination_id", destination.toString());
    answer.setAll(filter.document());
    answer.put("state", state);
    answer.put("state_reason", reason);
    answer.put("total", total);
    answer.put("done", done);
    answer.put("skipped", skipped);
    answer.put("created_at", createdAt.toString());
    answer.put("updated_at", updatedAt.toString());
    return answer;
  }
}
