// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.event.TenantId;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The event types of one tenant; every call runs inside a transaction of that tenant. */
@Component
final class Catalogue {

  private static final String COLUMNS =
      """
      select tenant, uid, revision, version, settings, earlier, version_created_at, created_at,
          updated_at
      from event_types where tenant = :tenant
      """;

  private final JsonMapper json;

  Catalogue(JsonMapper json) {
    this.json = json;
  }

  /** Newest first. */
  Mono<List<CatalogueEntry>> list(DatabaseClient database, TenantId tenant, Page.Wanted page) {
    return page.bound(database.sql(COLUMNS + page.behind("uid")))
        .bind("tenant", tenant.value())
        .map(this::read)
        .all()
        .collectList();
  }

  /** Those whose events are to be checked. */
  Mono<List<CatalogueEntry>> validating(DatabaseClient database, TenantId tenant) {
    return database
        .sql(COLUMNS + " and (settings ->> 'validate')::boolean")
        .bind("tenant", tenant.value())
        .map(this::read)
        .all()
        .collectList();
  }

  /** A 404 when this tenant has none of that name. */
  Mono<CatalogueEntry> get(DatabaseClient database, TenantId tenant, String name) {
    return one(database, tenant, name, "");
  }

  /** As {@link #get}, and nobody else may change it until the transaction ends. */
  Mono<CatalogueEntry> lock(DatabaseClient database, TenantId tenant, String name) {
    return one(database, tenant, name, " for update");
  }

  private Mono<CatalogueEntry> one(
      DatabaseClient database, TenantId tenant, String name, String locking) {
    return database
        .sql(COLUMNS + " and name = :name" + locking)
        .bind("tenant", tenant.value())
        .bind("name", name)
        .map(this::read)
        .one()
        .switchIfEmpty(Mono.error(Problem::notFound));
  }

  /** A 409 when there is one of that name. */
  Mono<Void> insert(DatabaseClient database, CatalogueEntry entry) {
    return bound(
            database.sql(
                """
                insert into event_types (tenant, name, uid, revision, version, settings, earlier,
                    version_created_at, created_at, updated_at)
                values (:tenant, :name, :uid, :revision, :version, :settings, :earlier, :since,
                    :created, :updated)
                on conflict do nothing
                """),
            entry)
        .bind("uid", entry.uid())
        .bind("created", entry.createdAt())
        .fetch()
        .rowsUpdated()
        .filter(rows -> rows == 1)
        .switchIfEmpty(Mono.error(() -> taken(entry)))
        .then();
  }

  private static Problem taken(CatalogueEntry entry) {
    String detail = "there is an event type '%s' already".formatted(entry.name());
    return Problem.of(HttpStatus.CONFLICT, detail);
  }

  Mono<Void> update(DatabaseClient database, CatalogueEntry entry) {
    return bound(
            database.sql(
                """
                update event_types set revision = :revision, version = :version,
                    settings = :settings, earlier = :earlier, version_created_at = :since,
                    updated_at = :updated
                where tenant = :tenant and name = :name
                """),
            entry)
        .then();
  }

  Mono<Void> delete(DatabaseClient database, CatalogueEntry entry) {
    return database
        .sql("delete from event_types where tenant = :tenant and name = :name")
        .bind("tenant", entry.tenant().value())
        .bind("name", entry.name())
        .then();
  }

  private static GenericExecuteSpec bound(GenericExecuteSpec statement, CatalogueEntry entry) {
    return statement
        .bind("tenant", entry.tenant().value())
        .bind("name", entry.name())
        .bind("revision", entry.revision())
        .bind("version", entry.version())
        .bind("settings", Json.of(entry.settings().toString()))
        .bind("earlier", Json.of(entry.earlier().toString()))
        .bind("since", entry.versionCreatedAt())
        .bind("updated", entry.updatedAt());
  }

  private CatalogueEntry read(Readable row) {
    return new CatalogueEntry(
        new TenantId(required(row, "tenant", String.class)),
        required(row, "uid", UUID.class),
        required(row, "revision", Long.class),
        required(row, "version", Integer.class),
        json(row, "settings", ObjectNode.class),
        json(row, "earlier", ArrayNode.class),
        required(row, "version_created_at", Instant.class),
        required(row, "created_at", Instant.class),
        required(row, "updated_at", Instant.class));
  }

  private <T extends JsonNode> T json(Readable row, String column, Class<T> type) {
    return json.readValue(required(row, column, Json.class).asArray(), type);
  }
}
