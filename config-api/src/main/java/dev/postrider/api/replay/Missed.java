// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.api.event.EventAnswer;
import dev.postrider.api.kafka.BulkReader;
import dev.postrider.api.kafka.RecordReader;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.Columns;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a receiver has missed for good, for it to fetch: deliveries that have failed or were
 * cancelled, in the order in which that was recorded.
 */
@Component
final class Missed {

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private static final String BEHIND =
      """
      select id, event_id, state, outcome_offset from deliveries
      where tenant = :tenant and destination_id = :destination
        and state in ('failed', 'cancelled') and outcome_offset > :after
      order by outcome_offset limit :limit
      """;

  private final TenantTransactions transactions;
  private final RecordReader reader;

  Missed(TenantTransactions transactions, RecordReader reader) {
    this.transactions = transactions;
    this.reader = reader;
  }

  /**
   * Where a receiver stands.
   *
   * @param after position of the last report that it has; -1 for none
   */
  record Position(TenantId tenant, DestinationId destination, long after) {}

  /** How much is wanted: so many, waiting that long for the first, and whose payloads are shown. */
  record Wish(int limit, Duration patience, Predicate<Instant> shown) {}

  private record Row(DeliveryId delivery, EventId event, String state, long offset) {}

  /** A page, and where to go on: where it began when there is none. */
  record Page(List<ObjectNode> items, long next) {}

  /** A 503 while Kafka is away. */
  Mono<Page> behind(Position position, Wish wish) {
    long looks = wish.patience().dividedBy(LOOK_EVERY);
    return Flux.interval(Duration.ZERO, LOOK_EVERY)
        .take(1 + looks)
        .onBackpressureDrop()
        .concatMap(_ -> rows(position, wish.limit()))
        .filter(rows -> !rows.isEmpty())
        .next()
        .flatMap(rows -> page(position, rows, wish.shown()))
        .defaultIfEmpty(new Page(List.of(), position.after()));
  }

  private Mono<List<Row>> rows(Position position, int limit) {
    return transactions.within(
        position.tenant(),
        database ->
            database
                .sql(BEHIND)
                .bind("tenant", position.tenant().value())
                .bind("destination", position.destination().uuid())
                .bind("after", position.after())
                .bind("limit", limit)
                .map(
                    row ->
                        new Row(
                            new DeliveryId(Columns.required(row, "id", UUID.class)),
                            EventId.of(Columns.required(row, "event_id", UUID.class)),
                            Columns.required(row, "state", String.class),
                            Columns.required(row, "outcome_offset", Long.class)))
                .all()
                .collectList());
  }

  private Mono<Page> page(Position position, List<Row> rows, Predicate<Instant> shown) {
    return Mono.fromCallable(() -> payloads(position.tenant(), rows))
        .subscribeOn(Schedulers.boundedElastic())
        .onErrorMap(
            KafkaException.class,
            e -> Problem.unavailable("Kafka is away, and the payloads are there", e))
        .map(payloads -> page(rows, payloads, shown));
  }

  private Map<EventId, PlatformEvent> payloads(TenantId tenant, List<Row> rows) {
    try (BulkReader events = reader.open(Topics.EVENTS)) {
      return Payloads.of(rows.stream().map(Row::event).toList(), tenant, events);
    }
  }

  private static Page page(
      List<Row> rows, Map<EventId, PlatformEvent> payloads, Predicate<Instant> shown) {
    List<ObjectNode> items =
        rows.stream().map(row -> item(row, payloads.get(row.event()), shown)).toList();
    return new Page(items, rows.getLast().offset());
  }

  private static ObjectNode item(Row row, @Nullable PlatformEvent event, Predicate<Instant> shown) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("delivery_id", row.delivery().toString());
    item.put("state", row.state());
    item.put("event_id", row.event().toString());
    item.set(
        "event",
        event == null ? item.nullNode() : EventAnswer.of(event, shown.test(event.id().time())));
    return item;
  }
}
