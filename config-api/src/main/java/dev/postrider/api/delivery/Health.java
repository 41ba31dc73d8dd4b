// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.destination.DestinationOverview;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.event.TenantId;
import java.util.Map;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** A tenant's destinations and deliveries in numbers. */
@Component
public final class Health {

  private final TenantTransactions transactions;
  private final Deliveries deliveries;
  private final DestinationOverview destinations;

  Health(TenantTransactions transactions, Deliveries deliveries, DestinationOverview destinations) {
    this.transactions = transactions;
    this.deliveries = deliveries;
    this.destinations = destinations;
  }

  /** Both at once. */
  public record Numbers(DestinationNumbers destinations, DeliveryNumbers deliveries) {}

  /** How many are served, and how many are not. */
  public record DestinationNumbers(long active, long disabled) {}

  /**
   * accepted = delivered + retrying + failed + cancelled + waitingAuthorization + inFlight.
   *
   * @param inFlight not yet tried
   */
  public record DeliveryNumbers(
      long accepted,
      long delivered,
      long retrying,
      long failed,
      long cancelled,
      long waitingAuthorization,
      long inFlight) {

    static DeliveryNumbers of(Map<String, Long> counts) {
      return new DeliveryNumbers(
          counts.values().stream().mapToLong(Long::longValue).sum(),
          counts.getOrDefault("delivered", 0L),
          counts.getOrDefault("retrying", 0L),
          counts.getOrDefault("failed", 0L),
          counts.getOrDefault("cancelled", 0L),
          counts.getOrDefault("waiting_authorization", 0L),
          counts.getOrDefault("pending", 0L));
    }
  }

  /** As recorded by now: what the worker has not reported yet is not in it. */
  public Mono<Numbers> of(TenantId tenant) {
    return transactions
        .within(tenant, database -> deliveries.countByState(database, tenant))
        .zipWith(destinations.countByActivity(tenant))
        .map(both -> numbers(both.getT1(), both.getT2()));
  }

  private static Numbers numbers(Map<String, Long> states, Map<Boolean, Long> activity) {
    return new Numbers(
        new DestinationNumbers(activity.getOrDefault(true, 0L), activity.getOrDefault(false, 0L)),
        DeliveryNumbers.of(states));
  }
}
