// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.api.kafka.BulkReader;
import dev.postrider.api.listing.Cursor;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.event.PlatformEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The deliveries that were made, by their rows; their payloads are read back from Kafka. */
@Component
final class RecordedDeliveries {

  private static final int AT_ONCE = 100;

  /** A statement looks at no more than that, however few it finds. */
  private static final Duration A_DAY = Duration.ofDays(1);

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
            bound(database.sql("select count(*) as n" + chosen(replay)), replay)
                .map(row -> Optional.ofNullable(row.get("n", Long.class)).orElse(0L))
                .one());
  }

  /** The next ones behind the cursor, oldest first, of a day at most; blocks. */
  ReplayStep next(Replay replay, ReplayCursor.Recorded from, BulkReader events) {
    Cursor after =
        Objects.requireNonNullElseGet(from.after(), () -> begin(replay.filter().since()));
    Instant end = earlier(after.time().plus(A_DAY), replay.filter().until());
    List<StoredDelivery> rows =
        Optional.ofNullable(
                transactions
                    .within(replay.tenant(), database -> rows(database, replay, after, end))
                    .block())
            .orElse(List.of());
    if (rows.isEmpty()) {
      boolean more = end.isBefore(replay.filter().until());
      return ReplayStep.to(more ? new ReplayCursor.Recorded(begin(end)) : new ReplayCursor.End());
    }
    return step(replay, rows, events);
  }

  /** Before the first of that time. */
  private static Cursor begin(Instant time) {
    return new Cursor(time, new UUID(0, 0));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static ReplayStep step(Replay replay, List<StoredDelivery> rows, BulkReader events) {
    Map<EventId, PlatformEvent> payloads =
        Payloads.of(rows.stream().map(StoredDelivery::event).toList(), replay.tenant(), events);
    List<Delivery> orders = new ArrayList<>();
    for (StoredDelivery row : rows) {
      PlatformEvent payload = payloads.get(row.event());
      if (payload != null) {
        orders.add(row.again(payload, replay.run(), row.attempts() + 1));
      }
    }
    StoredDelivery last = rows.getLast();
    var next = new ReplayCursor.Recorded(new Cursor(last.id().time(), last.id().uuid()));
    return new ReplayStep(orders, rows.size() - orders.size(), next, Duration.ZERO);
  }

  private static Mono<List<StoredDelivery>> rows(
      DatabaseClient database, Replay replay, Cursor after, Instant end) {
    String sql =
        "select "
            + StoredDelivery.COLUMNS
            + chosen(replay)
            + " and (created_at, id) > (:after, :after_id) and created_at < :end"
            + " order by created_at, id limit "
            + AT_ONCE;
    return bound(database.sql(sql), replay)
        .bind("after", after.time())
        .bind("end", end)
        .bind("after_id", after.id())
        .map(StoredDelivery::read)
        .all()
        .collectList();
  }

  /** What went wrong is rare, and has an index that is for nothing else. */
  private static String chosen(Replay replay) {
    boolean rare = !replay.filter().states().contains(DeliveryState.DELIVERED);
    return CHOSEN + (rare ? " and state <> 'delivered'" : "");
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
