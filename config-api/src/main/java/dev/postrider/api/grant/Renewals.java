// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.grant;

import dev.postrider.api.tenant.Columns;
import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Sealed;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Whose turn it is to renew a grant, and what came of it. All are single statements that compare
 * version and owner before they set anything, so no transaction lasts while an issuer is asked.
 *
 * <pre>
 *            lease: version is v, nobody has it or his 20 s are over
 *   due ───────────────────────────────────────────────────────────► asking the issuer
 *    ▲                                                                    │ version is v still,
 *    │   transient: later                                                 │ and the lease is mine
 *    ├────────────────────────────────────────────────────────────────────┤
 *    │   refused, and the lease was taken from somebody: his again, once  │
 *    ├────────────────────────────────────────────────────────────────────┤
 *    │   new tokens: version v + 1                                        │
 *    └────────────────────────────────────────────────────────────────────┤
 *                                             refused: version v + 1, lost ▼
 * </pre>
 */
@Component
public final class Renewals {

  private static final String DUE =
      """
      select tenant, destination_id, version from oauth_grants
      where refresh_at <= now() and (lease_until is null or lease_until < now())
      order by refresh_at limit :most
      """;

  /** Tokens of the last half minute may not have come to the worker when he said so. */
  private static final String WANTED =
      """
      update oauth_grants set refresh_at = greatest(now(), granted_at + interval '30 seconds')
      from unnest(:tenants, :ids, :times) as report (tenant, id, at)
      where oauth_grants.tenant = report.tenant and destination_id = report.id
        and status = 'authorized' and failures = 0
        and (refresh_at is null or refresh_at > now())
        and granted_at < report.at - interval '30 seconds'
      """;

  private static final String LEASE =
      """
      update oauth_grants set lease_owner = :owner, lease_until = now() + interval '20 seconds'
      where tenant = :tenant and destination_id = :id and version = :version
        and (lease_until is null or lease_until < now())
      returning new.version, new.refresh_token, new.failures, new.client_key,
          case when new.handed_back then null else old.lease_owner end as taken_from
      """;

  private static final String HELD =
      """
       where tenant = :tenant and destination_id = :id and version = :version
         and lease_owner = :owner
      """;

  private static final String RENEW =
      """
      update oauth_grants set version = version + 1, status = 'authorized', status_reason = null,
          status_at = case when status = 'authorized' then status_at else :granted end,
          access_token = :access, refresh_token = coalesce(:refresh, refresh_token),
          granted_at = :granted, expires_at = :expires, refresh_at = :next, failures = 0,
          lease_owner = null, lease_until = null, handed_back = false
      """
          + HELD;

  private static final String PUT_OFF =
      """
      update oauth_grants set failures = failures + 1, refresh_at = :next, status_reason = :reason,
          lease_owner = null, lease_until = null, handed_back = false
      """
          + HELD;

  private static final String SUSPEND =
      """
      update oauth_grants set failures = failures + 1, refresh_at = :next, status_reason = :reason,
          status_at = case when status = 'error' then status_at else :at end, status = 'error',
          lease_owner = null, lease_until = null, handed_back = false
      """
          + HELD;

  private static final String HAND_BACK =
      """
      update oauth_grants set lease_owner = :before, lease_until = now() + interval '20 seconds',
          handed_back = true
      """
          + HELD;

  private static final String LOSE =
      """
      update oauth_grants set version = version + 1, status = 'expired', status_reason = :reason,
          status_at = :at, refresh_token = null, refresh_at = null,
          lease_owner = null, lease_until = null, handed_back = false
      """
          + HELD;

  private final SystemTransactions transactions;

  Renewals(SystemTransactions transactions) {
    this.transactions = transactions;
  }

  /** A grant as it stood when it was found to be due. */
  public record Due(TenantId tenant, DestinationId destination, long version) {}

  /** What a worker waits for. */
  public record Want(TenantId tenant, DestinationId destination, Instant at) {}

  /**
   * The right to renew a grant, for 20 s.
   *
   * @param owner of this one lease, and never of another
   * @param refreshToken null where there is none
   * @param failures in a row so far
   * @param clientKey that we sign with, where we do
   * @param takenFrom who had it before and has not said what came of it; null for nobody
   */
  public record Lease(
      Due due,
      String owner,
      @Nullable Sealed refreshToken,
      int failures,
      @Nullable Sealed clientKey,
      @Nullable String takenFrom) {}

  /** Of all tenants, the longest due first. */
  public Mono<List<Due>> due(int most) {
    return transactions.within(
        database ->
            database
                .sql(DUE)
                .bind("most", most)
                .map(
                    row ->
                        new Due(
                            new TenantId(Columns.required(row, "tenant", String.class)),
                            new DestinationId(Columns.required(row, "destination_id", UUID.class)),
                            Columns.required(row, "version", Long.class)))
                .all()
                .collectList());
  }

  /**
   * Workers wait, although there should be a token: it is renewed before its time, but no sooner
   * than half a minute after it was given, nor while it fails.
   */
  public Mono<Void> wanted(List<Want> wants) {
    return wants.isEmpty()
        ? Mono.empty()
        : transactions
            .within(
                database ->
                    database
                        .sql(WANTED)
                        .bind(
                            "tenants",
                            wants.stream().map(one -> one.tenant().value()).toArray(String[]::new))
                        .bind(
                            "ids",
                            wants.stream()
                                .map(one -> one.destination().uuid())
                                .toArray(UUID[]::new))
                        .bind("times", wants.stream().map(Want::at).toArray(Instant[]::new))
                        .fetch()
                        .rowsUpdated())
            .then();
  }

  /** Empty when somebody else has it, or has renewed the grant since. */
  public Mono<Lease> lease(DatabaseClient database, Due due) {
    String owner = UUID.randomUUID().toString();
    return bound(database, LEASE, due, owner).map(row -> lease(row, due, owner)).one();
  }

  private static Lease lease(Readable row, Due due, String owner) {
    return new Lease(
        due,
        owner,
        sealed(row.get("refresh_token", String.class)),
        Columns.required(row, "failures", Integer.class),
        sealed(row.get("client_key", String.class)),
        row.get("taken_from", String.class));
  }

  private static @Nullable Sealed sealed(@Nullable String text) {
    return text == null ? null : new Sealed(text);
  }

  /** Stores what was got; false when the grant has changed or the lease went to somebody else. */
  public Mono<Boolean> renew(DatabaseClient database, Lease lease, Tokens tokens) {
    GenericExecuteSpec statement =
        bound(database, RENEW, lease)
            .bind("access", tokens.access().base64())
            .bind("granted", tokens.grantedAt());
    statement = time(statement, "expires", tokens.expiresAt());
    statement = time(statement, "next", tokens.refreshAt());
    return changed(
        tokens.refresh() == null
            ? statement.bindNull("refresh", String.class)
            : statement.bind("refresh", tokens.refresh().base64()));
  }

  /** It did not work, and may work later; the grant stays what it is. */
  public Mono<Boolean> putOff(DatabaseClient database, Lease lease, String reason, Instant next) {
    return changed(bound(database, PUT_OFF, lease).bind("reason", reason).bind("next", next));
  }

  /** The issuer does not accept us as we are configured; that may be mended at either end. */
  public Mono<Boolean> suspend(
      DatabaseClient database, Lease lease, String reason, Instant at, Instant next) {
    return changed(
        bound(database, SUSPEND, lease).bind("reason", reason).bind("at", at).bind("next", next));
  }

  /**
   * Whom it was taken from may only have been slow, and have what the issuer now refuses to give
   * twice: for another 20 s he can store it. No grant is handed back twice in a row.
   */
  public Mono<Boolean> handBack(DatabaseClient database, Lease lease, String before) {
    return changed(bound(database, HAND_BACK, lease).bind("before", before));
  }

  /** There is no way to renew it: somebody has to agree again. */
  public Mono<Boolean> lose(DatabaseClient database, Lease lease, String reason, Instant at) {
    return changed(bound(database, LOSE, lease).bind("reason", reason).bind("at", at));
  }

  private static Mono<Boolean> changed(GenericExecuteSpec statement) {
    return statement.fetch().rowsUpdated().map(count -> count == 1);
  }

  private static GenericExecuteSpec bound(DatabaseClient database, String sql, Lease lease) {
    return bound(database, sql, lease.due(), lease.owner());
  }

  private static GenericExecuteSpec bound(
      DatabaseClient database, String sql, Due due, String owner) {
    return database
        .sql(sql)
        .bind("tenant", due.tenant().value())
        .bind("id", due.destination().uuid())
        .bind("version", due.version())
        .bind("owner", owner);
  }

  static GenericExecuteSpec time(
      GenericExecuteSpec statement, String name, @Nullable Instant value) {
    return value == null ? statement.bindNull(name, Instant.class) : statement.bind(name, value);
  }
}
