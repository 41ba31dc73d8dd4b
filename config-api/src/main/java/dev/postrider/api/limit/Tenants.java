// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.limit;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.PostgresPresence;
import dev.postrider.api.tenant.Remembered;
import dev.postrider.api.tenant.SystemTransactions;
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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** All tenants, and what each of them may use. */
@Component
public final class Tenants {

  private static final String COLUMNS =
      "select id, uid, version, settings, created_at, updated_at from tenants ";

  private final SystemTransactions transactions;
  private final LimitSettings defaults;
  private final JsonMapper json;
  private final Remembered<TenantId, TenantLimits> limits;

  Tenants(
      SystemTransactions transactions,
      PostgresPresence postgres,
      LimitSettings defaults,
      JsonMapper json) {
    this.transactions = transactions;
    this.defaults = defaults;
    this.json = json;
    this.limits = new Remembered<>(postgres, this::ask);
  }

  /**
   * What the tenant may use, as of two seconds ago at most. While PostgreSQL is away, what was
   * known last, or the defaults: events can be published without it.
   */
  public Mono<TenantLimits> limits(TenantId tenant) {
    return limits.of(tenant).onErrorReturn(TenantLimits.of(json.createObjectNode(), defaults));
  }

  /** Makes sure that there is a row for what is to refer to it; to be called in its transaction. */
  public Mono<Void> ensure(DatabaseClient database, TenantId tenant) {
    return database
        .sql("insert into tenants (id) values (:tenant) on conflict do nothing")
        .bind("tenant", tenant.value())
        .then();
  }

  /**
   * Makes sure that there is room for one more destination; to be called in the transaction that
   * adds it, which others of the tenant wait for. A 409 when there is none.
   */
  public Mono<Void> admitDestination(DatabaseClient database, TenantId tenant) {
    return ensure(database, tenant)
        .then(lock(database, tenant))
        .map(locked -> TenantLimits.of(locked.settings(), defaults).destinations())
        .filterWhen(most -> count(database, tenant).map(has -> has >= most))
        .doOnNext(Tenants::refuse)
        .then();
  }

  private static void refuse(int most) {
    throw Problem.of(
        HttpStatus.CONFLICT,
        "the tenant may have %d destinations (limits.destinations), and has them".formatted(most));
  }

  private static Mono<Long> count(DatabaseClient database, TenantId tenant) {
    return database
        .sql("select count(*) as n from destinations where tenant = :tenant")
        .bind("tenant", tenant.value())
        .map(row -> required(row, "n", Long.class))
        .one();
  }

  /** The tenant, whom nobody else may change until the transaction ends; a 404 for none. */
  Mono<Tenant> lock(DatabaseClient database, TenantId tenant) {
    return database
        .sql(COLUMNS + "where id = :tenant for no key update")
        .bind("tenant", tenant.value())
        .map(this::read)
        .one()
        .switchIfEmpty(Mono.error(Problem::notFound));
  }

  Mono<Void> insert(DatabaseClient database, Tenant tenant) {
    return bound(
            database.sql(
                """
                insert into tenants (id, uid, version, settings, created_at, updated_at)
                values (:id, :uid, :version, :settings, :created, :updated) on conflict do nothing
                """),
            tenant)
        .bind("uid", tenant.uid())
        .bind("created", tenant.createdAt())
        .fetch()
        .rowsUpdated()
        .filter(rows -> rows == 1)
        .switchIfEmpty(Mono.error(() -> taken(tenant)))
        .then();
  }

  private static Problem taken(Tenant tenant) {
    return Problem.of(HttpStatus.CONFLICT, "there is a tenant '%s' already".formatted(tenant.id()));
  }

  Mono<Void> update(DatabaseClient database, Tenant tenant) {
    return bound(
            database.sql(
                """
                update tenants set version = :version, settings = :settings, updated_at = :updated
                where id = :id
                """),
            tenant)
        .then();
  }

  private static GenericExecuteSpec bound(GenericExecuteSpec statement, Tenant tenant) {
    return statement
        .bind("id", tenant.id().value())
        .bind("version", tenant.version())
        .bind("settings", Json.of(tenant.settings().toString()))
        .bind("updated", tenant.updatedAt());
  }

  /** A 404 for none. */
  Mono<Tenant> get(TenantId id) {
    return transactions
        .within(database -> one(database, id))
        .switchIfEmpty(Mono.error(Problem::notFound));
  }

  /** Newest first. */
  Mono<List<Tenant>> list(Page.Wanted page) {
    String sql = COLUMNS + "where true" + page.behind("uid");
    return transactions.within(
        database -> page.bound(database.sql(sql)).map(this::read).all().collectList());
  }

  private Mono<TenantLimits> ask(TenantId id) {
    return transactions
        .within(database -> one(database, id))
        .map(Tenant::settings)
        .defaultIfEmpty(json.createObjectNode())
        .map(settings -> TenantLimits.of(settings, defaults));
  }

  private Mono<Tenant> one(DatabaseClient database, TenantId id) {
    return database.sql(COLUMNS + "where id = :id").bind("id", id.value()).map(this::read).one();
  }

  private Tenant read(Readable row) {
    return new Tenant(
        new TenantId(required(row, "id", String.class)),
        required(row, "uid", UUID.class),
        required(row, "version", Long.class),
        json.readValue(required(row, "settings", Json.class).asArray(), ObjectNode.class),
        required(row, "created_at", Instant.class),
        required(row, "updated_at", Instant.class));
  }
}
