// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.listing.Cursor;
import dev.postrider.api.listing.Page;
import dev.postrider.api.tenant.Columns;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.event.TenantId;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What pages beside the API show of a tenant's destinations. */
@Component
public final class DestinationOverview {

  private static final Page.Wanted NEWEST = new Page.Wanted(Cursor.HIGHEST_LIMIT, null);

  private final TenantTransactions transactions;
  private final Destinations destinations;

  DestinationOverview(TenantTransactions transactions, Destinations destinations) {
    this.transactions = transactions;
    this.destinations = destinations;
  }

  /** One line of a list. */
  public record Line(String id, String name, String endpointUrl, String status) {}

  /** The newest 250. */
  public Mono<List<Line>> lines(TenantId tenant) {
    return transactions
        .within(tenant, database -> destinations.list(database, tenant, NEWEST))
        .map(
            found -> NEWEST.of(found, StoredDestination::place, DestinationOverview::line).items());
  }

  private static Line line(StoredDestination stored) {
    var answer = stored.answer();
    return new Line(
        answer.get("id").asString(),
        answer.get("name").asString(),
        answer.get("endpoint_url").asString(),
        answer.get("status").asString());
  }

  /** How many are active (true) and how many are not (false). */
  public Mono<Map<Boolean, Long>> countByActivity(TenantId tenant) {
    return transactions.within(
        tenant,
        database ->
            database
                .sql(
                    """
                    select status = 'active' as active, count(*) as n
                    from destinations where tenant = :tenant group by 1
                    """)
                .bind("tenant", tenant.value())
                .map(
                    row ->
                        Map.entry(
                            Columns.required(row, "active", Boolean.class),
                            Columns.required(row, "n", Long.class)))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
