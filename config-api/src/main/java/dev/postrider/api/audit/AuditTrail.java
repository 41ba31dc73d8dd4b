// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import dev.postrider.api.access.Caller;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.event.TimeOrderedUuid;
import io.r2dbc.postgresql.codec.Json;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The audit trail of a tenant. */
@Component
public final class AuditTrail {

  private static final String INSERT =
      """
      insert into audit_entries (tenant, id, at, actor_type, actor_id, action,
          resource_type, resource_id, changes, request_id)
      values (:tenant, :id, :at, :actor_type, :actor, :action, :type, :resource, :changes, :request)
      """;

  private final Clock clock;
  private final SecureRandom random;

  AuditTrail(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * Who did it.
   *
   * @param type {@code user}, {@code api_key}, or {@code system} for Postrider itself
   * @param request the id of the call, or of whatever made Postrider do it
   */
  public record Author(String type, String id, String request) {

    /** A caller of the API. */
    public static Author of(Caller caller, String request) {
      return new Author(caller.kind().name().toLowerCase(Locale.ROOT), caller.subject(), request);
    }

    /** Postrider itself. */
    public static Author postrider(String cause) {
      return new Author("system", "postrider", cause);
    }
  }

  /**
   * Something that was done to a resource.
   *
   * @param action such as {@code destination.created}
   * @param before null where there was nothing
   * @param after null where there is nothing any more
   */
  public record Change(
      String action,
      String resourceType,
      String resourceId,
      @Nullable JsonNode before,
      @Nullable JsonNode after) {}

  /** Adds an entry inside the running transaction of the tenant. */
  public Mono<Void> record(DatabaseClient database, TenantId tenant, Author author, Change change) {
    Instant now = clock.instant();
    UUID id = TimeOrderedUuid.random(now, random);
    return database
        .sql(INSERT)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("at", now)
        .bind("actor_type", author.type())
        .bind("actor", author.id())
        .bind("action", change.action())
        .bind("type", change.resourceType())
        .bind("resource", change.resourceId())
        .bind("changes", Json.of(Differences.between(change.before(), change.after()).toString()))
        .bind("request", author.request())
        .then();
  }
}
