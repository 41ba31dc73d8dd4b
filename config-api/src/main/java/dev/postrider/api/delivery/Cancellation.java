// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.tenant.Columns;
import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Calls off what waits for a destination that Postrider has switched off. */
@Component
final class Cancellation {

  /** Some at a time, so that a backlog of millions is no transaction of minutes. */
  private static final int AT_ONCE = 5000;

  private static final String STATEMENT =
      """
      with called_off as (
        select waiting.tenant, waiting.created_at, waiting.id, destination.updated_at
        from destinations destination
        join deliveries waiting
          on waiting.tenant = destination.tenant and waiting.destination_id = destination.id
        where destination.tenant = :tenant and destination.id = :destination
          and destination.status in ('gone', 'failing')
          and waiting.state in ('pending', 'retrying', 'waiting_authorization')
        limit %d
      ),
      moved as (
        update deliveries delivery
        set state = 'cancelled', next_attempt_at = null, updated_at = called_off.updated_at
        from called_off
        where delivery.tenant = called_off.tenant
          and delivery.created_at = called_off.created_at and delivery.id = called_off.id
        returning delivery.tenant, delivery.created_at, old.state as was, new.state as became
      )
      select count(*) as n, count_moves(
        array_agg(tenant), array_agg(created_at), array_agg(was), array_agg(became))
      from moved
      """
          .formatted(AT_ONCE);

  private final SystemTransactions transactions;

  Cancellation(SystemTransactions transactions) {
    this.transactions = transactions;
  }

  /** Nothing when it is served, or served again. */
  Mono<Void> of(TenantId tenant, DestinationId destination) {
    Mono<Long> some =
        transactions.within(
            database ->
                database
                    .sql(STATEMENT)
                    .bind("tenant", tenant.value())
                    .bind("destination", destination.uuid())
                    .map(row -> Columns.required(row, "n", Long.class))
                    .one());
    return some.expand(count -> count < AT_ONCE ? Mono.empty() : some).then();
  }
}
