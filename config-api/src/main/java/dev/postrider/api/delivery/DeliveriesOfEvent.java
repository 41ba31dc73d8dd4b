// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.TenantId;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Where one event went. */
@Component
public final class DeliveriesOfEvent {

  private final TenantTransactions transactions;
  private final Deliveries deliveries;

  DeliveriesOfEvent(TenantTransactions transactions, Deliveries deliveries) {
    this.transactions = transactions;
    this.deliveries = deliveries;
  }

  /** In the shape of the API, newest first, at most 250; none when no worker has reported yet. */
  public Mono<List<ObjectNode>> of(TenantId tenant, EventId event) {
    DeliveryFilter filter = DeliveryFilter.ofEvent(event);
    return transactions.within(
        tenant,
        database -> deliveries.list(database, tenant, filter, null, 250).map(Rows::answers));
  }
}
