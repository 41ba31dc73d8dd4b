// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.limit;

import dev.postrider.api.listing.Cursor;
import dev.postrider.model.event.TenantId;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tenant as it is stored.
 *
 * @param uid its place in lists
 * @param settings in the shape of the API; empty for one that came with its first token
 */
record Tenant(
    TenantId id,
    UUID uid,
    long version,
    ObjectNode settings,
    Instant createdAt,
    Instant updatedAt) {

  String etag() {
    return "\"" + version + "\"";
  }

  Cursor place() {
    return new Cursor(createdAt, uid);
  }

  Tenant changed(ObjectNode after, Instant now) {
    return new Tenant(id, uid, version + 1, after, createdAt, now);
  }

  /** With what holds for it in effect. */
  ObjectNode answer(LimitSettings defaults) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("id", id.value());
    answer.setAll(TenantReader.complete(settings));
    answer.set("effective_limits", TenantLimits.of(settings, defaults).answer());
    return answer.put("created_at", createdAt.toString()).put("updated_at", updatedAt.toString());
  }
}
