// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.apikey;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.api.access.Role;
import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Secret;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The keys of one tenant; every call runs inside a transaction of that tenant. */
@Component
final class ApiKeys {

  private static final String COLUMNS =
      """
      select tenant, id, name, roles, last4, expires_at, created_at, created_by, last_used_at
      from api_keys where tenant = :tenant
      """;

  ApiKeys() {}

  /** Newest first. */
  Mono<List<ApiKey>> list(DatabaseClient database, TenantId tenant, Page.Wanted page) {
    return page.bound(database.sql(COLUMNS + page.behind("id")))
        .bind("tenant", tenant.value())
        .map(ApiKeys::read)
        .all()
        .collectList();
  }

  /** A 404 when this tenant has none of that id. */
  Mono<ApiKey> get(DatabaseClient database, TenantId tenant, UUID id) {
    return database
        .sql(COLUMNS + " and id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(ApiKeys::read)
        .one()
        .switchIfEmpty(Mono.error(Problem::notFound));
  }

  Mono<Void> insert(DatabaseClient database, ApiKey key, Secret hash) {
    GenericExecuteSpec statement =
        database
            .sql(
                """
                insert into api_keys (tenant, id, name, roles, hash, last4, expires_at, created_at,
                    created_by)
                values (:tenant, :id, :name, :roles, :hash, :last4, :expires, :created, :creator)
                """)
            .bind("tenant", key.tenant().value())
            .bind("id", key.id())
            .bind("name", key.name())
            .bind("roles", key.roles().stream().map(Role::claim).toArray(String[]::new))
            .bind("hash", hash.reveal())
            .bind("last4", key.last4())
            .bind("created", key.createdAt())
            .bind("creator", key.createdBy());
    Instant expires = key.expiresAt();
    return (expires == null
            ? statement.bindNull("expires", Instant.class)
            : statement.bind("expires", expires))
        .then();
  }

  Mono<Void> delete(DatabaseClient database, ApiKey key) {
    return database
        .sql("delete from api_keys where tenant = :tenant and id = :id")
        .bind("tenant", key.tenant().value())
        .bind("id", key.id())
        .then();
  }

  static List<Role> roles(Readable row) {
    return Stream.of(required(row, "roles", String[].class))
        .flatMap(name -> Role.named(name).stream())
        .toList();
  }

  private static ApiKey read(Readable row) {
    return new ApiKey(
        new TenantId(required(row, "tenant", String.class)),
        required(row, "id", UUID.class),
        required(row, "name", String.class),
        roles(row),
        required(row, "last4", String.class),
        row.get("expires_at", Instant.class),
        required(row, "created_at", Instant.class),
        required(row, "created_by", String.class),
        row.get("last_used_at", Instant.class));
  }
}
