// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.access.Caller;
import dev.postrider.api.delivery.Rows.DeliveryRow;
import dev.postrider.api.limit.Bodies;
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
  private final Bodies bodies;

  DeliveryAnswers(TenantTransactions transactions, Deliveries deliveries, Bodies bodies) {
    this.transactions = transactions;
    this.deliveries = deliveries;
    this.bodies = bodies;
  }

  /**
   * One with its attempts, and with what the receiver answered if that may be shown to the caller;
   * a 404 when its tenant has none of that id.
   */
  public Mono<ObjectNode> get(Caller caller, DeliveryId id) {
    TenantId tenant = caller.tenant();
    return bodies
        .shownTo(caller)
        .flatMap(
            shown ->
                transactions.within(
                    tenant,
                    database -> deliveries.get(database, tenant, id, shown.test(id.time()))));
  }

  /** Where an event went, newest first, at most 250; none when no worker has reported yet. */
  public Mono<List<ObjectNode>> of(TenantId tenant, EventId event) {
    DeliveryFilter filter = DeliveryFilter.ofEvent(event);
    return transactions
        .within(tenant, database -> deliveries.list(database, tenant, filter, filter.page()))
        .map(found -> filter.page().of(found, DeliveryRow::place, DeliveryRow::answer).items());
  }
}
