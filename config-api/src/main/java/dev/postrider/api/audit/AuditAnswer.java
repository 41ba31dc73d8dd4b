// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An entry in the shape of the API.
 *
 * @param sequence its number in the tenant's chain; null from before there was one
 * @param hash that binds it to the entry before, in hexadecimal; null from before there was one
 */
record AuditAnswer(
    @Schema(example = "aud_019aa000-0000-7000-8000-000000000001") String id,
    @Nullable Long sequence,
    @Schema(example = "2026-11-21T00:00:00Z") String at,
    Actor actor,
    @Schema(example = "destination.updated") String action,
    AuditedResource resource,
    @Schema(description = "`field`, and its value `before` and `after`") List<ObjectNode> changes,
    String requestId,
    @Nullable String hash) {

  /** Who did it. */
  record Actor(
      @Schema(allowableValues = {"user", "api_key", "system"}) String type,
      @Schema(example = "admin@acme") String id) {}

  /** What it was done to. */
  record AuditedResource(@Schema(example = "destination") String type, String id) {}

  static AuditAnswer of(AuditEntry entry, @Nullable String hash, JsonMapper json) {
    return new AuditAnswer(
        "aud_" + entry.id(),
        entry.sequence(),
        entry.at().toString(),
        new Actor(entry.actorType(), entry.actor()),
        entry.action(),
        new AuditedResource(entry.resourceType(), entry.resource()),
        changes(json.readTree(entry.changes())),
        entry.request(),
        hash);
  }

  private static List<ObjectNode> changes(JsonNode array) {
    return array.valueStream().map(ObjectNode.class::cast).toList();
  }
}
