// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.rotation;

import dev.postrider.api.tenant.Columns;
import dev.postrider.api.tenant.SystemTransactions;
import java.util.Map;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What the keys of the keyset are needed for, in all tenants. */
@Component
public final class KeyUse {

  private static final String ROWS =
      """
      select key, count(*) as n from (
        select unnest(sealing_keys) as key from destinations
        union all select unnest(sealing_keys) from oauth_grants
        union all select unnest(sealing_keys) from oauth_states) used
      group by key
      """;

  private final SystemTransactions transactions;

  KeyUse(SystemTransactions transactions) {
    this.transactions = transactions;
  }

  /** How many rows of PostgreSQL hold something that a key has sealed, by the key's id. */
  public Mono<Map<String, Long>> rows() {
    return transactions.within(
        database ->
            database
                .sql(ROWS)
                .map(
                    row ->
                        Map.entry(
                            Columns.required(row, "key", String.class),
                            Columns.required(row, "n", Long.class)))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** How many records wait for Kafka; any of them may hold something sealed. */
  public Mono<Long> waiting() {
    return transactions.within(
        database ->
            database
                .sql("select count(*) as n from outbox")
                .map(row -> Columns.required(row, "n", Long.class))
                .one());
  }
}
