// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.model.secret.ChainKey;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Who changed what.
 *
 * @param sequence 1 for the tenant's first entry in the chain, one more with each; null for an
 *     entry from before there was a chain
 * @param at in microseconds, which is what PostgreSQL keeps
 * @param changes a JSON array of {@code {field, before, after}}
 * @param request id of the call, or of whatever made Postrider do it
 */
record AuditEntry(
    String tenant,
    @Nullable Long sequence,
    UUID id,
    Instant at,
    String actorType,
    String actor,
    String action,
    String resourceType,
    String resource,
    String changes,
    String request) {

  static final String COLUMNS =
      """
      select tenant, sequence, id, at, actor_type, actor_id, action, resource_type, resource_id,
          changes, request_id, hash from audit_entries
      """;

  static AuditEntry read(Readable row) {
    return new AuditEntry(
        required(row, "tenant", String.class),
        row.get("sequence", Long.class),
        required(row, "id", UUID.class),
        required(row, "at", Instant.class),
        required(row, "actor_type", String.class),
        required(row, "actor_id", String.class),
        required(row, "action", String.class),
        required(row, "resource_type", String.class),
        required(row, "resource_id", String.class),
        required(row, "changes", String.class),
        required(row, "request_id", String.class));
  }

  /** The same entry at another place of the chain. */
  AuditEntry at(long place) {
    return new AuditEntry(
        tenant, place, id, at, actorType, actor, action, resourceType, resource, changes, request);
  }

  /** What the hash covers: JSON without a blank, its members in this order, changes as a string. */
  String canonical() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("tenant", tenant)
        .put("sequence", sequence)
        .put("id", id.toString())
        .put("at", at.toString())
        .put("actor_type", actorType)
        .put("actor_id", actor)
        .put("action", action)
        .put("resource_type", resourceType)
        .put("resource_id", resource)
        .put("changes", changes)
        .put("request_id", request)
        .toString();
  }

  /** The hash of this entry behind the one of that hash. */
  String hash(ChainKey key, String previous) {
    return key.link(previous, canonical());
  }
}
