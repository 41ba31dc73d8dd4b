// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.api.kafka.BulkReader;
import dev.postrider.api.problem.Cursor;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.event.PlatformEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The deliveries that were made, by their rows; their payloads are read back from Kafka. */
@Component
final class RecordedDeliveries {

  private static final int AT_ONCE = 100;

  private static final String CHOSEN =
      """
       from deliveries
      where tenant = :tenant and destination_id = :destination
        and created_at >= :since and created_at < :until
        and state = any(:states) and run < :run
        and (:every or event_type = any(:exact)
          or exists (select from unnest(:below::text[]) as prefix
            where starts_with(event_type, prefix)))
      """;

  private final TenantTransactions transactions;

  RecordedDeliveries(TenantTransactions transactions) {
    this.transactions = transactions;
  }

  /** How many there are. */
  Mono<Long> count(Replay replay) {
    return transactions.within(
        replay.tenant(),
        database ->
            bound(database.sql("select count(*) as n" + CHOSEN), replay)
                .map(row -> Optional.ofNullable(row.get("n", Long.class)).orElse(0L))
                .one());
  }

  /** The next ones behind the cursor, oldest first; blocks. */
  ReplayStep next(Replay replay, @Nullable Cursor after, BulkReader events, Instant now) {
    List<StoredDelivery> rows =
        Optional.ofNullable(
                transactions
                    .within(replay.tenant(), database -> rows(database, replay, after))
                    .block())
            .orElse(List.of());
    if (rows.isEmpty()) {
      return new ReplayStep(List.of(), 0, new ReplayCursor.End());
    }
    Map<EventId, PlatformEvent> payloads =
        Payloads.of(rows.stream().map(StoredDelivery::event).toList(), replay.tenant(), events);
    List<Delivery> orders = new ArrayList<>();
    for (StoredDelivery row : rows) {
      PlatformEvent payload = payloads.get(row.event());
      if (payload != null) {
        orders.add(row.again(payload, replay.run(), row.attempts() + 1, now));
      }
    }
    StoredDelivery last = rows.getLast();
    Cursor next = new Cursor(last.id().time(), last.id().uuid());
    return new ReplayStep(orders, rows.size() - orders.size(), new ReplayCursor.Recorded(next));
  }

  private static Mono<List<StoredDelivery>> rows(
      DatabaseClient database, Replay replay, @Nullable Cursor after) {
    Cursor behind = after == null ? new Cursor(Instant.EPOCH, new UUID(0, 0)) : after;
    String sql =
        "select "
            + StoredDelivery.COLUMNS
            + CHOSEN
            + " and (created_at, id) > (:after, :after_id) order by created_at, id limit "
            + AT_ONCE;
    return bound(database.sql(sql), replay)
        .bind("after", behind.time())
        .bind("after_id", behind.id())
        .map(StoredDelivery::read)
        .all()
        .collectList();
  }

  private static GenericExecuteSpec bound(GenericExecuteSpec query, Replay replay) {
    ReplayFilter filter = replay.filter();
    String[] states =
        filter.states().stream().map(RecordedDeliveries::lower).toArray(String[]::new);
    List<String> types = filter.types().stream().map(EventTypePattern::value).toList();
    return query
        .bind("tenant", replay.tenant().value())
        .bind("destination", replay.destination().uuid())
        .bind("since", filter.since())
        .bind("until", filter.until())
        .bind("states", states)
        .bind("run", replay.run())
        .bind("every", types.isEmpty() || types.contains("*"))
        .bind("exact", types.toArray(String[]::new))
        .bind(
            "below",
            types.stream()
                .filter(type -> type.endsWith(".*"))
                .map(type -> type.substring(0, type.length() - 1))
                .toArray(String[]::new));
  }

  private static String lower(DeliveryState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
