// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.apikey;

import dev.postrider.api.access.Role;
import dev.postrider.api.listing.Cursor;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.event.TimeOrderedUuid;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A key as it is stored.
 *
 * @param lastUsedAt to the second or so; null for never
 */
record ApiKey(
    TenantId tenant,
    UUID id,
    String name,
    List<Role> roles,
    String last4,
    @Nullable Instant expiresAt,
    Instant createdAt,
    String createdBy,
    @Nullable Instant lastUsedAt) {

  private static final String PREFIX = "key_";

  static UUID parse(String text) {
    return TimeOrderedUuid.parse(PREFIX, text);
  }

  static String text(UUID id) {
    return PREFIX + id;
  }

  Cursor place() {
    return new Cursor(createdAt, id);
  }

  ObjectNode answer() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("id", text(id)).put("name", name);
    ArrayNode names = answer.putArray("roles");
    roles.forEach(role -> names.add(role.claim()));
    return answer
        .put("last4", last4)
        .put("expires_at", time(expiresAt))
        .put("created_at", createdAt.toString())
        .put("created_by", createdBy)
        .put("last_used_at", time(lastUsedAt));
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
