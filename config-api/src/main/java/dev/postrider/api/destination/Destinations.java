// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.api.credential.Credentials;
import dev.postrider.api.grant.Grants;
import dev.postrider.api.limit.Tenants;
import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.DestinationStatus;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Sealed;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The destinations of one tenant; every call runs inside a transaction of that tenant. */
@Component
final class Destinations {

  private static final String COLUMNS =
      """
      select tenant, id, version, status, status_reason, settings, signing_keys, signing_expires,
          signing_last4, signing_public_key, credentials, trust_anchors, consented_url, allowed_rate,
          created_at, updated_at,
      """
          + Grants.COLUMN
          + " from destinations where tenant = :tenant";

  /** Stands for no expiry, since arrays of the driver hold no null. */
  private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  private final Tenants tenants;
  private final Grants grants;
  private final JsonMapper json;

  Destinations(Tenants tenants, Grants grants, JsonMapper json) {
    this.tenants = tenants;
    this.grants = grants;
    this.json = json;
  }

  /** Newest first. */
  Mono<List<StoredDestination>> list(DatabaseClient database, TenantId tenant, Page.Wanted page) {
    return page.bound(database.sql(COLUMNS + page.behind("id")))
        .bind("tenant", tenant.value())
        .map(this::read)
        .all()
        .collectList();
  }

  /** Fails with a 404 when this tenant has none of that id. */
  Mono<StoredDestination> get(DatabaseClient database, TenantId tenant, DestinationId id) {
    return known(one(database, tenant, id, ""));
  }

  /** Empty when this tenant has none of that id. */
  Mono<StoredDestination> find(DatabaseClient database, TenantId tenant, DestinationId id) {
    return one(database, tenant, id, "");
  }

  /** As {@link #get}, and nobody else may change it until the transaction ends. */
  Mono<StoredDestination> lock(DatabaseClient database, TenantId tenant, DestinationId id) {
    // Read when it is locked: what is granted may have changed while this waited for the lock.
    return known(one(database, tenant, id, " for update"))
        .then(Mono.defer(() -> get(database, tenant, id)));
  }

  private static Mono<StoredDestination> known(Mono<StoredDestination> found) {
    return found.switchIfEmpty(Mono.error(Problem::notFound));
  }

  private Mono<StoredDestination> one(
      DatabaseClient database, TenantId tenant, DestinationId id, String locking) {
    return database
        .sql(COLUMNS + " and id = :id" + locking)
        .bind("tenant", tenant.value())
        .bind("id", id.uuid())
        .map(this::read)
        .one();
  }

  Mono<Void> insert(DatabaseClient database, StoredDestination stored) {
    return tenants
        .admitDestination(database, stored.tenant())
        .then(
            write(
                    database.sql(
                        """
                    insert into destinations (tenant, id, version, status, status_reason, settings,
                        signing_keys, signing_expires, signing_last4, signing_public_key,
                        credentials, trust_anchors, consented_url, allowed_rate, created_at,
                        updated_at)
                    values (:tenant, :id, :version, :status, :reason, :settings, :keys, :expires,
                        :last4, :public, :credentials, :anchors, :permitted, :rate, :created,
                        :updated)
                    """),
                    stored)
                .bind("created", stored.createdAt())
                .then()
                .then(granted(database, stored)));
  }

  Mono<Void> update(DatabaseClient database, StoredDestination stored) {
    return write(
            database.sql(
                """
                update destinations set version = :version, status = :status,
                    status_reason = :reason, settings = :settings, signing_keys = :keys,
                    signing_expires = :expires, signing_last4 = :last4,
                    signing_public_key = :public, credentials = :credentials,
                    trust_anchors = :anchors, consented_url = :permitted, allowed_rate = :rate,
                    updated_at = :updated,
                    failing_since = case when status = 'active' and :status = 'active'
                        then failing_since end
                where tenant = :tenant and id = :id
                """),
            stored)
        .then()
        .then(granted(database, stored));
  }

  /** What is sealed is sealed anew; all else, the version too, stays as it is. */
  Mono<Void> reseal(
      DatabaseClient database, StoredDestination stored, StoredDestination.Safekeeping anew) {
    return database
        .sql(
            """
            update destinations set signing_keys = :keys, credentials = :credentials
            where tenant = :tenant and id = :id
            """)
        .bind("tenant", stored.tenant().value())
        .bind("id", stored.id().uuid())
        .bind("keys", sealed(anew.keys().keys()))
        .bind("credentials", Json.of(anew.credentials().json()))
        .then();
  }

  private static String[] sealed(List<Signing.Key> keys) {
    return keys.stream().map(key -> key.sealed().base64()).toArray(String[]::new);
  }

  private Mono<Void> granted(DatabaseClient database, StoredDestination stored) {
    return Mono.defer(
        () ->
            grants.store(
                database, stored.tenant(), stored.id(), stored.grant(), stored.updatedAt()));
  }

  Mono<Void> delete(DatabaseClient database, StoredDestination stored) {
    return database
        .sql("delete from destinations where tenant = :tenant and id = :id")
        .bind("tenant", stored.tenant().value())
        .bind("id", stored.id().uuid())
        .then();
  }

  private static GenericExecuteSpec write(GenericExecuteSpec statement, StoredDestination stored) {
    List<Signing.Key> keys = stored.keys().keys();
    GenericExecuteSpec bound =
        statement
            .bind("tenant", stored.tenant().value())
            .bind("id", stored.id().uuid())
            .bind("version", stored.version())
            .bind("status", stored.status().name().toLowerCase(Locale.ROOT))
            .bind("settings", Json.of(stored.settings().toString()))
            .bind("keys", sealed(keys))
            .bind("expires", keys.stream().map(Destinations::expiry).toArray(Instant[]::new))
            .bind("credentials", Json.of(stored.credentials().json()))
            .bind("updated", stored.updatedAt());
    bound = text(bound, "reason", stored.statusReason());
    bound = text(bound, "last4", stored.keys().last4());
    bound = text(bound, "public", stored.keys().publicKey());
    bound = text(bound, "anchors", stored.trustAnchors());
    bound = text(bound, "permitted", stored.permission().url());
    Double rate = stored.permission().rate();
    return rate == null ? bound.bindNull("rate", Double.class) : bound.bind("rate", rate);
  }

  /** An array has no null: the current key's is the end of time. */
  private static Instant expiry(Signing.Key key) {
    return key.expiresAt() == null ? NEVER : key.expiresAt();
  }

  private static GenericExecuteSpec text(
      GenericExecuteSpec statement, String name, @Nullable String value) {
    return value == null ? statement.bindNull(name, String.class) : statement.bind(name, value);
  }

  private StoredDestination read(Readable row) {
    DestinationId id = new DestinationId(required(row, "id", UUID.class));
    ObjectNode settings =
        (ObjectNode) json.readTree(required(row, "settings", Json.class).asString());
    return new StoredDestination(
        id,
        new TenantId(required(row, "tenant", String.class)),
        required(row, "version", Long.class),
        DestinationStatus.valueOf(required(row, "status", String.class).toUpperCase(Locale.ROOT)),
        row.get("status_reason", String.class),
        settings,
        keys(row),
        Credentials.of(json.readTree(required(row, "credentials", Json.class).asString())),
        row.get("trust_anchors", String.class),
        new Permission(
            row.get("consented_url", String.class), row.get("allowed_rate", Double.class)),
        grants.read(row, id, settings.path("auth")),
        required(row, "created_at", Instant.class),
        required(row, "updated_at", Instant.class));
  }

  /** Rows from before keys could expire have fewer expiries than keys: then nothing expires. */
  private static SigningKeys.Held keys(Readable row) {
    String[] sealed = required(row, "signing_keys", String[].class);
    Instant[] expires = required(row, "signing_expires", Instant[].class);
    List<Signing.Key> keys =
        IntStream.range(0, sealed.length)
            .mapToObj(
                i ->
                    new Signing.Key(
                        new Sealed(sealed[i]),
                        i >= expires.length || !expires[i].isBefore(NEVER) ? null : expires[i]))
            .toList();
    return new SigningKeys.Held(
        keys,
        row.get("signing_last4", String.class),
        row.get("signing_public_key", String.class),
        null);
  }
}
