// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.settings.SettingsReader;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Destinations as a worker would be told of them, for whoever sends them something at once. */
@Component
public final class ProbedDestinations {

  private final TenantTransactions transactions;
  private final Destinations destinations;
  private final SettingsReader reader;

  ProbedDestinations(
      TenantTransactions transactions, Destinations destinations, SettingsReader reader) {
    this.transactions = transactions;
    this.destinations = destinations;
    this.reader = reader;
  }

  /**
   * One of them, active or not.
   *
   * @param sample its {@code content_sample}
   */
  public record Probed(Destination destination, @Nullable String sample) {}

  /** Fails with a 404 when this tenant has none of that id. */
  public Mono<Probed> find(TenantId tenant, DestinationId id) {
    return transactions
        .within(tenant, database -> destinations.get(database, tenant, id))
        .map(this::probed);
  }

  private Probed probed(StoredDestination stored) {
    JsonNode sample = stored.settings().path("content_sample");
    return new Probed(
        Snapshots.of(stored, stored.read(reader)), sample.isString() ? sample.stringValue() : null);
  }
}
