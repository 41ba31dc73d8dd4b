// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import dev.postrider.model.event.TenantId;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/**
 * The only way to a tenant's rows: a transaction that begins by telling PostgreSQL whose it is.
 *
 * <p>Row-level security compares every row with that setting, which ends with the transaction; a
 * statement outside of one sees nothing. Work is a {@link Mono}, so that no row is read after the
 * commit.
 */
public final class TenantTransactions {

  private static final Duration LONGEST = Duration.ofSeconds(6);

  private final DatabaseClient database;
  private final TransactionalOperator transactions;

  TenantTransactions(ConnectionFactory connections) {
    this.database = DatabaseClient.create(connections);
    this.transactions = TransactionalOperator.create(new R2dbcTransactionManager(connections));
  }

  /** Runs the work in one transaction of this tenant; it commits before the result is seen. */
  public <T> Mono<T> within(TenantId tenant, Function<DatabaseClient, Mono<T>> work) {
    // SET LOCAL takes no parameter; set_config's third argument makes it local all the same.
    return database
        .sql("select set_config('app.tenant', :tenant, true)")
        .bind("tenant", tenant.value())
        .then()
        .then(Mono.defer(() -> work.apply(database)))
        .as(transactions::transactional)
        .retryWhen(Deadlocks.AGAIN)
        .timeout(LONGEST);
  }

  /** A client without a transaction, hence without a tenant: it sees no rows. */
  DatabaseClient outside() {
    return database;
  }
}
