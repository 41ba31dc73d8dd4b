// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.model.secret.ChainKey;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The chains of all tenants, to be looked at only. */
@Component
final class Chains {

  private static final int PAGE = 1000;

  /** Of each tenant the last one, from entry to entry of the index instead of along all of it. */
  private static final String HEADS =
      """
      with recursive heads as (
        (select tenant, sequence, hash from audit_entries where sequence is not null
         order by tenant desc, sequence desc limit 1)
        union all
        select next.tenant, next.sequence, next.hash from heads, lateral (
          select tenant, sequence, hash from audit_entries
          where tenant < heads.tenant and sequence is not null
          order by tenant desc, sequence desc limit 1) next)
      select tenant, sequence, hash from heads
      """;

  private static final String ENTRIES =
      AuditEntry.COLUMNS
          + " where tenant = :tenant and sequence > :after order by sequence limit "
          + PAGE;

  private final SystemTransactions transactions;
  private final Chain chain;
  private final ChainKey key;

  Chains(SystemTransactions transactions, Chain chain, ChainKey key) {
    this.transactions = transactions;
    this.chain = chain;
    this.key = key;
  }

  /** Where each tenant's chain ends. */
  Mono<Map<String, Chain.Head>> heads() {
    return transactions.within(
        database ->
            database
                .sql(HEADS)
                .map(
                    row ->
                        Map.entry(
                            required(row, "tenant", String.class),
                            new Chain.Head(
                                required(row, "sequence", Long.class),
                                required(row, "hash", String.class))))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Goes along the whole chain of a tenant; what is added meanwhile may be left out. */
  Mono<ChainWalk> walk(String tenant, List<Checkpoint> checkpoints) {
    return transactions
        .within(database -> chain.beginning(database, tenant))
        .map(beginning -> new ChainWalk(key, beginning, checkpoints))
        .flatMap(walk -> entries(tenant).doOnNext(walk::next).then(Mono.just(walk)));
  }

  private Flux<ChainWalk.Link> entries(String tenant) {
    return page(tenant, 0)
        .expand(page -> page.size() < PAGE ? Mono.empty() : page(tenant, page.getLast().sequence()))
        .concatMapIterable(page -> page);
  }

  private Mono<List<ChainWalk.Link>> page(String tenant, long after) {
    return transactions.within(
        database ->
            database
                .sql(ENTRIES)
                .bind("tenant", tenant)
                .bind("after", after)
                .map(Chains::link)
                .all()
                .collectList());
  }

  private static ChainWalk.Link link(Readable row) {
    return new ChainWalk.Link(
        AuditEntry.read(row),
        required(row, "sequence", Long.class),
        required(row, "hash", String.class));
  }
}
