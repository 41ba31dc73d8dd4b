// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/**
 * The way to rows of all tenants, for work that no one tenant asked for: the outbox relay, the
 * recorder, looking up whose a key is. Migrations say, column by column, what its role may touch;
 * of secrets that is nothing.
 */
public final class SystemTransactions {

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final DatabaseClient database;
  private final TransactionalOperator transactions;

  SystemTransactions(ConnectionFactory connections) {
    this.database = DatabaseClient.create(connections);
    this.transactions = TransactionalOperator.create(new R2dbcTransactionManager(connections));
  }

  /** Runs the work in one transaction; it commits before the result is seen. */
  public <T> Mono<T> within(Function<DatabaseClient, Mono<T>> work) {
    return Mono.defer(() -> work.apply(database))
        .as(transactions::transactional)
        .retryWhen(Deadlocks.AGAIN)
        .timeout(LONGEST);
  }
}
