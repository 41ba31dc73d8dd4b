// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import dev.postrider.api.access.Caller;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.event.TimeOrderedUuid;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The audit trail of a tenant. */
@Component
public final class AuditTrail {

  private static final String INSERT =
      """
      insert into audit_entries (tenant, sequence, id, at, actor_type, actor_id, action,
          resource_type, resource_id, changes, request_id, hash)
      values (:tenant, :sequence, :id, :at, :actor_type, :actor, :action, :type, :resource,
          :changes, :request, :hash)
      """;

  private final Chain chain;
  private final Clock clock;
  private final SecureRandom random;

  AuditTrail(Chain chain, Clock clock, SecureRandom random) {
    this.chain = chain;
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
    public static Author of(Caller caller, ServerWebExchange exchange) {
      return of(caller, exchange.getRequest().getId());
    }

    /** The same, by the request's id. */
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

  /**
   * Adds an entry inside the running transaction of the tenant. Until that ends nobody else can add
   * one to the tenant's chain, so lock what else there is to lock before.
   */
  public Mono<Void> record(DatabaseClient database, TenantId tenant, Author author, Change change) {
    return chain
        .lock(database, tenant.value())
        .flatMap(head -> insert(database, head, next(head, tenant, author, change)));
  }

  private AuditEntry next(Chain.Head head, TenantId tenant, Author author, Change change) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // what PostgreSQL keeps
    return new AuditEntry(
        tenant.value(),
        head.sequence() + 1,
        TimeOrderedUuid.random(now, random),
        now,
        author.type(),
        author.id(),
        change.action(),
        change.resourceType(),
        change.resourceId(),
        Differences.between(change.before(), change.after()).toString(),
        author.request());
  }

  private Mono<Void> insert(DatabaseClient database, Chain.Head head, AuditEntry entry) {
    return database
        .sql(INSERT)
        .bind("tenant", entry.tenant())
        .bind("sequence", head.sequence() + 1)
        .bind("id", entry.id())
        .bind("at", entry.at())
        .bind("actor_type", entry.actorType())
        .bind("actor", entry.actor())
        .bind("action", entry.action())
        .bind("type", entry.resourceType())
        .bind("resource", entry.resource())
        .bind("changes", entry.changes())
        .bind("request", entry.request())
        .bind("hash", chain.link(head.hash(), entry))
        .then();
  }
}
