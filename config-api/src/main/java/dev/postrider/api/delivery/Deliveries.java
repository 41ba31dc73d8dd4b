// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.delivery.Rows.DeliveryRow;
import dev.postrider.api.listing.Condition;
import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.Columns;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.event.TenantId;
import java.util.List;
import java.util.Map;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** The deliveries of one tenant; every call runs inside a transaction of that tenant. */
@Component
final class Deliveries {

  /** To the letter as its index has it. */
  static final String TROUBLED =
      " and state in ('failed', 'retrying', 'cancelled', 'waiting_authorization')";

  /** Newest first. */
  Mono<List<DeliveryRow>> list(
      DatabaseClient database, TenantId tenant, DeliveryFilter filter, Page.Wanted page) {
    return list(database, tenant, "", filter, page);
  }

  /** The same of those only that were not simply delivered, or are about to be. */
  Mono<List<DeliveryRow>> troubled(
      DatabaseClient database, TenantId tenant, DeliveryFilter filter, Page.Wanted page) {
    return list(database, tenant, TROUBLED, filter, page);
  }

  private static Mono<List<DeliveryRow>> list(
      DatabaseClient database,
      TenantId tenant,
      String kind,
      DeliveryFilter filter,
      Page.Wanted page) {
    GenericExecuteSpec query =
        database
            .sql(
                "select * from deliveries where tenant = :tenant"
                    + kind
                    + Condition.sql(filter.conditions())
                    + Condition.behind(page.after(), "created_at")
                    + " order by created_at desc, id desc limit :limit")
            .bind("tenant", tenant.value())
            .bind("limit", page.found());
    query = Condition.bind(query, filter.conditions());
    return Condition.bind(query, page.after()).map(Rows::delivery).all().collectList();
  }

  /** With its attempts; fails with a 404 when this tenant has none of that id. */
  Mono<ObjectNode> get(
      DatabaseClient database, TenantId tenant, DeliveryId id, boolean withBodies) {
    return database
        .sql("select * from deliveries where tenant = :tenant and created_at = :at and id = :id")
        .bind("tenant", tenant.value())
        .bind("at", id.time())
        .bind("id", id.uuid())
        .map(Rows::delivery)
        .one()
        .switchIfEmpty(Mono.error(Problem::notFound))
        .zipWith(
            attempts(database, tenant, id, withBodies),
            (delivery, attempts) -> {
              delivery.answer().putArray("attempts").addAll(attempts);
              return delivery.answer();
            });
  }

  private static Mono<List<ObjectNode>> attempts(
      DatabaseClient database, TenantId tenant, DeliveryId id, boolean withBodies) {
    return database
        .sql(
            """
            select * from every_attempt
            where tenant = :tenant and created_at = :at and delivery_id = :id
            order by started_at, number
            """)
        .bind("tenant", tenant.value())
        .bind("at", id.time())
        .bind("id", id.uuid())
        .map(row -> Rows.attempt(row, withBodies))
        .all()
        .collectList();
  }

  /** How many there are in each state. */
  Mono<Map<String, Long>> countByState(DatabaseClient database, TenantId tenant) {
    return database
        .sql(
            """
            select state, sum(n)::bigint as n from delivery_counts
            where tenant = :tenant group by state
            """)
        .bind("tenant", tenant.value())
        .map(
            row ->
                Map.entry(
                    Columns.required(row, "state", String.class),
                    Columns.required(row, "n", Long.class)))
        .all()
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }
}
