// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.grant;

import dev.postrider.api.grant.Grant.Links;
import dev.postrider.api.grant.Grant.Status;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Sealed;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What has been granted to the destinations of one tenant, as their settings begin it and make it
 * void; every call runs inside a transaction of that tenant.
 */
@Component
public final class Grants {

  /** Column {@code oauth_grant} of a query for {@code destinations}, for {@link #read}. */
  public static final String COLUMN =
      """
      (select to_jsonb(one) from (
          select version, epoch, status, status_reason, status_at, access_token, expires_at
          from oauth_grants
          where oauth_grants.tenant = destinations.tenant
            and oauth_grants.destination_id = destinations.id) one) as oauth_grant
      """;

  /** What somebody agreed to; of anything else he knows nothing. */
  private static final List<String> TERMS =
      List.of("grant_type", "client_id", "token_url", "authorize_url", "audience", "scope");

  private static final String BEGIN =
      """
      insert into oauth_grants (tenant, destination_id, version, epoch, status, status_reason,
          status_at, refresh_at)
      values (:tenant, :id, 1, 1, :status, :reason, :at, :refresh)
      on conflict (tenant, destination_id) do update set version = oauth_grants.version + 1,
          epoch = oauth_grants.epoch + 1, status = excluded.status,
          status_reason = excluded.status_reason, status_at = excluded.status_at,
          access_token = null, refresh_token = null, granted_at = null, expires_at = null,
          refresh_at = excluded.refresh_at, failures = 0, lease_owner = null, lease_until = null,
          handed_back = false
      """;

  private static final String HASTEN =
      """
      update oauth_grants set refresh_at = least(refresh_at, :at)
      where tenant = :tenant and destination_id = :id and failures > 0 and refresh_at is not null
      """;

  private static final String ONE = " where tenant = :tenant and destination_id = :id";

  private final PublicAddress address;
  private final ClientKeys keys;
  private final JsonMapper json;

  Grants(PublicAddress address, ClientKeys keys, JsonMapper json) {
    this.address = address;
    this.keys = keys;
    this.json = json;
  }

  /** What these settings of {@code auth} begin with; null where they need no issuer. */
  public @Nullable Grant begun(DestinationId id, JsonNode auth, Instant now) {
    return begun(id, auth, null, now);
  }

  private @Nullable Grant begun(
      DestinationId id, JsonNode auth, @Nullable String reason, Instant now) {
    if (!auth.path("type").asString("").equals("oauth2")) {
      return null;
    }
    boolean consent = auth.path("grant_type").asString("").equals("authorization_code");
    Status status = consent ? Status.NOT_AUTHORIZED : Status.PENDING;
    return new Grant(0, 0, status, reason, now, null, null, links(id, signs(auth)));
  }

  private static boolean signs(JsonNode auth) {
    return auth.path("client_auth").asString("").equals("private_key_jwt");
  }

  private Links links(DestinationId id, boolean signs) {
    return new Links(address.callback(), signs ? address.keys(id) : null);
  }

  /** What remains of a grant when the settings of {@code auth} change from these to those. */
  public @Nullable Grant fitting(
      @Nullable Grant before, DestinationId id, JsonNode was, JsonNode is, Instant now) {
    if (before == null) {
      return begun(id, is, now);
    }
    for (String term : TERMS) {
      if (!was.path(term).asString("").equals(is.path(term).asString(""))) {
        return begun(id, is, term + " has changed since", now);
      }
    }
    return before.with(links(id, signs(is)));
  }

  /** Stores what has begun, deletes what there is no more, and has what fails tried again soon. */
  public Mono<Void> store(
      DatabaseClient database,
      TenantId tenant,
      DestinationId id,
      @Nullable Grant grant,
      Instant now) {
    if (grant == null) {
      return bound(database, "delete from oauth_grants" + ONE, tenant, id).then();
    }
    Mono<Void> stored =
        grant.begins()
            ? begin(database, tenant, id, grant)
            : bound(database, HASTEN, tenant, id).bind("at", now).then();
    return grant.links().keys() == null ? stored : stored.then(key(database, tenant, id));
  }

  private static Mono<Void> begin(
      DatabaseClient database, TenantId tenant, DestinationId id, Grant grant) {
    DatabaseClient.GenericExecuteSpec statement =
        bound(database, BEGIN, tenant, id)
            .bind("status", grant.status().label())
            .bind("at", grant.at());
    statement =
        grant.reason() == null
            ? statement.bindNull("reason", String.class)
            : statement.bind("reason", grant.reason());
    return (grant.status() == Status.PENDING
            ? statement.bind("refresh", grant.at())
            : statement.bindNull("refresh", Instant.class))
        .then();
  }

  /** Made once; an issuer knows it by its public half, which therefore stays. */
  private Mono<Void> key(DatabaseClient database, TenantId tenant, DestinationId id) {
    return bound(
            database, "select client_key is null as missing from oauth_grants" + ONE, tenant, id)
        .map(row -> Boolean.TRUE.equals(row.get("missing", Boolean.class)))
        .one()
        .filter(Boolean::booleanValue)
        .flatMap(_ -> keys.made(tenant, id))
        .flatMap(
            key ->
                bound(
                        database,
                        "update oauth_grants set client_key = :key, client_jwk = :jwk" + ONE,
                        tenant,
                        id)
                    .bind("key", key.sealed().base64())
                    .bind("jwk", Json.of(key.publicJwk()))
                    .then());
  }

  private static DatabaseClient.GenericExecuteSpec bound(
      DatabaseClient database, String sql, TenantId tenant, DestinationId id) {
    return database.sql(sql).bind("tenant", tenant.value()).bind("id", id.uuid());
  }

  /** Of a row with {@link #COLUMN}, beside these settings; null where there is none. */
  public @Nullable Grant read(Readable row, DestinationId id, JsonNode auth) {
    Json column = row.get("oauth_grant", Json.class);
    if (column == null) {
      return null;
    }
    JsonNode grant = json.readTree(column.asString());
    String token = text(grant, "access_token");
    String expires = text(grant, "expires_at");
    return new Grant(
        grant.path("version").longValue(),
        grant.path("epoch").longValue(),
        Status.of(grant.path("status").stringValue()),
        text(grant, "status_reason"),
        time(grant.path("status_at").stringValue()),
        token == null ? null : new Sealed(token),
        expires == null ? null : time(expires),
        links(id, signs(auth)));
  }

  private static @Nullable String text(JsonNode grant, String name) {
    JsonNode value = grant.path(name);
    return value.isString() ? value.stringValue() : null;
  }

  private static Instant time(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }
}
