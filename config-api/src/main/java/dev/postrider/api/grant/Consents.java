// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.grant;

import dev.postrider.api.grant.Grant.Status;
import dev.postrider.api.tenant.Columns;
import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Sealed;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Who was sent to an issuer to agree, and what he has come back with. */
@Component
public final class Consents {

  private static final String SENT =
      """
      insert into oauth_states
          (hash, tenant, destination_id, epoch, caller, session_hash, verifier, expires_at)
      values (:hash, :tenant, :id, :epoch, :caller, :session, :verifier, :expires)
      """;

  /** A grant that can be used stays so until there is another. */
  private static final String PENDING =
      """
      update oauth_grants set status = 'pending', status_reason = null, status_at = :at
      where tenant = :tenant and destination_id = :id and status <> 'authorized'
      """;

  private static final String TAKEN =
      """
      delete from oauth_states where hash = :hash
      returning tenant, destination_id, epoch, caller, session_hash, verifier, expires_at
      """;

  private static final String AGREED =
      """
      update oauth_grants set version = version + 1, status = 'authorized', status_reason = null,
          status_at = :granted, access_token = :access, refresh_token = :refresh,
          granted_at = :granted, expires_at = :expires, refresh_at = :next, failures = 0,
          lease_owner = null, lease_until = null, handed_back = false
      where tenant = :tenant and destination_id = :id and epoch = :epoch
      """;

  private static final String FAILED =
      """
      update oauth_grants set status = :status, status_reason = :reason, status_at = :at
      where tenant = :tenant and destination_id = :id and epoch = :epoch
        and status <> 'authorized'
      """;

  private static final String KEY =
      """
      select client_key from oauth_grants
      where tenant = :tenant and destination_id = :id and client_key is not null
      """;

  private final SystemTransactions transactions;

  Consents(SystemTransactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Somebody on his way.
   *
   * @param hash of the state that he carries
   * @param epoch of the grant when he was sent; of another he brings nothing
   * @param session hash of the portal's session that he must come back in; null for any
   * @param verifier of PKCE
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Sent(
      byte[] hash,
      TenantId tenant,
      DestinationId destination,
      long epoch,
      String caller,
      byte @Nullable [] session,
      Sealed verifier,
      Instant expiresAt) {}

  /** Notes that he was sent. */
  public Mono<Void> send(DatabaseClient database, Sent sent, Instant now) {
    GenericExecuteSpec statement =
        bound(database, SENT, sent)
            .bind("hash", ByteBuffer.wrap(sent.hash()))
            .bind("epoch", sent.epoch())
            .bind("caller", sent.caller())
            .bind("verifier", sent.verifier().base64())
            .bind("expires", sent.expiresAt());
    byte[] session = sent.session();
    return (session == null
            ? statement.bindNull("session", ByteBuffer.class)
            : statement.bind("session", ByteBuffer.wrap(session)))
        .then()
        .then(bound(database, PENDING, sent).bind("at", now).then());
  }

  /** Who carries a state of that hash, once: empty for a state that there is not, or no longer. */
  public Mono<Sent> take(byte[] hash) {
    return transactions.within(
        database ->
            database
                .sql(TAKEN)
                .bind("hash", ByteBuffer.wrap(hash))
                .map(row -> sent(row, hash))
                .one());
  }

  private static Sent sent(Readable row, byte[] hash) {
    ByteBuffer session = row.get("session_hash", ByteBuffer.class);
    return new Sent(
        hash,
        new TenantId(Columns.required(row, "tenant", String.class)),
        new DestinationId(Columns.required(row, "destination_id", UUID.class)),
        Columns.required(row, "epoch", Long.class),
        Columns.required(row, "caller", String.class),
        session == null ? null : bytes(session),
        new Sealed(Columns.required(row, "verifier", String.class)),
        Columns.required(row, "expires_at", Instant.class));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** Forgets who does not come back any more. */
  public Mono<Void> forget() {
    return transactions.within(
        database -> database.sql("delete from oauth_states where expires_at < now()").then());
  }

  /** Stores what he has brought; false when the grant has become another meanwhile. */
  public Mono<Boolean> agreed(DatabaseClient database, Sent sent, Tokens tokens) {
    GenericExecuteSpec statement =
        bound(database, AGREED, sent)
            .bind("epoch", sent.epoch())
            .bind("access", tokens.access().base64())
            .bind("granted", tokens.grantedAt());
    statement = Renewals.time(statement, "expires", tokens.expiresAt());
    statement = Renewals.time(statement, "next", tokens.refreshAt());
    return changed(
        tokens.refresh() == null
            ? statement.bindNull("refresh", String.class)
            : statement.bind("refresh", tokens.refresh().base64()));
  }

  /** He has brought nothing; false also when what there was before goes on. */
  public Mono<Boolean> failed(
      DatabaseClient database, Sent sent, Status status, String reason, Instant at) {
    return changed(
        bound(database, FAILED, sent)
            .bind("epoch", sent.epoch())
            .bind("status", status.label())
            .bind("reason", reason)
            .bind("at", at));
  }

  /** The key that we sign with at the issuer; empty where we do not. */
  public Mono<Sealed> clientKey(DatabaseClient database, Sent sent) {
    return bound(database, KEY, sent)
        .map(row -> new Sealed(Columns.required(row, "client_key", String.class)))
        .one();
  }

  private static Mono<Boolean> changed(GenericExecuteSpec statement) {
    return statement.fetch().rowsUpdated().map(count -> count == 1);
  }

  private static GenericExecuteSpec bound(DatabaseClient database, String sql, Sent sent) {
    return database
        .sql(sql)
        .bind("tenant", sent.tenant().value())
        .bind("id", sent.destination().uuid());
  }
}
