// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.TenantId;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Deliveries in the shape of the API, for whoever shows them beside something else. */
@Component
public final class DeliveryAnswers {

  private final TenantTransactions transactions;
  private final Deliveries deliveries;

  DeliveryAnswers(TenantTransactions transactions, Deliveries deliveries) {
    this.transactions = transactions;
    this.deliveries = deliveries;
  }

  /** One with its attempts; a 404 when this tenant has none of that id. */
  public Mono<ObjectNode> get(TenantId tenant, DeliveryId id) {
    return transactions.within(tenant, database -> deliveries.get(database, tenant, id, true));
  }

  /** Where an event went, newest first, at most 250; none when no worker has reported yet. */
  public Mono<List<ObjectNode>> of(TenantId tenant, EventId event) {
    DeliveryFilter filter = DeliveryFilter.ofEvent(event);
    return transactions.within(
        tenant,
        database -> deliveries.list(database, tenant, filter, null, 250).map(Rows::answers));
  }
}
