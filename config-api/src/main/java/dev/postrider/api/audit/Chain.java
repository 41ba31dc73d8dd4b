// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import dev.postrider.api.tenant.Columns;
import dev.postrider.model.secret.ChainKey;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The chain of a tenant's entries: {@code hash(n) = HMAC(key, hash(n-1) ‖ entry(n))}.
 *
 * <p>Entries from before there was a chain are linked in the order of their time; the last of these
 * hashes, which nothing stores, is what the first entry of the chain follows.
 */
@Component
final class Chain {

  private static final String LOCK =
      "select pg_advisory_xact_lock(hashtext('postrider.audit'), hashtext(:tenant))";

  private static final String HEAD =
      """
      select sequence, hash from audit_entries where tenant = :tenant and sequence is not null
      order by sequence desc limit 1
      """;

  private static final String UNCHAINED =
      AuditEntry.COLUMNS + " where tenant = :tenant and sequence is null order by at, id";

  private final ChainKey key;

  Chain(ChainKey key) {
    this.key = key;
  }

  /**
   * The end of a chain.
   *
   * @param sequence of its last entry, 0 when there is none
   */
  record Head(long sequence, String hash) {}

  /**
   * The end, which nobody moves until the transaction ends. Nothing may be locked behind this lock,
   * so that whoever waits for it waits for nobody who waits for him. It is a statement of its own:
   * the next one sees what was committed meanwhile.
   */
  Mono<Head> lock(DatabaseClient database, String tenant) {
    return database
        .sql(LOCK)
        .bind("tenant", tenant)
        .then()
        .then(Mono.defer(() -> head(database, tenant)));
  }

  private Mono<Head> head(DatabaseClient database, String tenant) {
    return database
        .sql(HEAD)
        .bind("tenant", tenant)
        .map(
            row ->
                new Head(
                    Columns.required(row, "sequence", Long.class),
                    Columns.required(row, "hash", String.class)))
        .one()
        .switchIfEmpty(
            Mono.defer(() -> beginning(database, tenant)).map(hash -> new Head(0, hash)));
  }

  /** What the first entry of the chain follows. */
  Mono<String> beginning(DatabaseClient database, String tenant) {
    Flux<AuditEntry> before =
        database.sql(UNCHAINED).bind("tenant", tenant).map(AuditEntry::read).all();
    return before.reduce(ChainKey.BEGINNING, (hash, entry) -> entry.hash(key, hash));
  }

  /** The hash of an entry behind the one of that hash. */
  String link(String previous, AuditEntry entry) {
    return entry.hash(key, previous);
  }
}
