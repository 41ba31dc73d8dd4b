// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.api.destination.Subscriptions;
import dev.postrider.api.destination.Subscriptions.Subscription;
import dev.postrider.api.kafka.BulkReader;
import dev.postrider.api.tenant.BinaryArray;
import dev.postrider.api.tenant.Columns;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.Run;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.wire.EventCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Events that the destination wants now and was never sent: found by reading the events of that
 * time, since nothing was recorded of them.
 */
@Component
final class MissedEvents {

  /**
   * What the worker sends on its own is recorded by then: when the first attempt has ended, which
   * has 30 s at most.
   */
  private static final Duration SETTLED = Duration.ofSeconds(40);

  private static final String RECORDED =
      """
      select d.id from (select unnest(:at::timestamptz[]) as at, unnest(:id::uuid[]) as id) wanted
      join deliveries d on d.tenant = :tenant and d.created_at = wanted.at and d.id = wanted.id
      """;

  private final TenantTransactions transactions;
  private final Subscriptions subscriptions;
  private final Clock clock;

  MissedEvents(TenantTransactions transactions, Subscriptions subscriptions, Clock clock) {
    this.transactions = transactions;
    this.subscriptions = subscriptions;
    this.clock = clock;
  }

  /** From what Kafka stored at that time to what it has now. */
  static ReplayCursor.Events begin(Replay replay, BulkReader events) {
    return new ReplayCursor.Events(events.offsetsAt(replay.filter().since()), events.ends());
  }

  /** The next ones; blocks. What was published just now may be on its way: it is waited for. */
  ReplayStep next(Replay replay, ReplayCursor.Events cursor, BulkReader events) {
    BulkReader.Stretch stretch = events.read(cursor.next(), cursor.ends());
    if (stretch.records().isEmpty()) {
      return ReplayStep.to(new ReplayCursor.End());
    }
    Map<DeliveryId, Delivery> wanted = wanted(replay, stretch.records());
    wanted.keySet().removeAll(recorded(replay, wanted.keySet()));
    Instant youngest =
        wanted.values().stream()
            .map(delivery -> delivery.event().id().time())
            .max(Comparator.naturalOrder())
            .orElse(Instant.EPOCH);
    Duration pause = Duration.between(clock.instant(), youngest.plus(SETTLED));
    if (pause.isPositive()) {
      return ReplayStep.waiting(cursor, pause);
    }
    var next = new ReplayCursor.Events(stretch.next(), cursor.ends());
    return new ReplayStep(List.copyOf(wanted.values()), 0, next, Duration.ZERO);
  }

  private Map<DeliveryId, Delivery> wanted(
      Replay replay, List<ConsumerRecord<byte[], byte[]>> records) {
    Subscription subscription = subscription(replay);
    Run run = new Run(replay.run(), 1, Run.Purpose.SEND);
    Map<DeliveryId, Delivery> wanted = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (EventCodec.decode(record) instanceof EventCodec.Decoded.Event(var event)
          && isWanted(event, replay, subscription)) {
        Delivery delivery = Delivery.first(event, replay.destination()).in(run);
        wanted.putIfAbsent(delivery.id(), delivery);
      }
    }
    return wanted;
  }

  private static boolean isWanted(PlatformEvent event, Replay replay, Subscription subscription) {
    return event.tenant().equals(replay.tenant())
        && subscription.wants(event)
        && replay.filter().covers(event.type(), event.time());
  }

  /** One that was deleted meanwhile wants nothing any more. */
  private Subscription subscription(Replay replay) {
    Mono<Subscription> found =
        transactions.within(
            replay.tenant(),
            database -> subscriptions.find(database, replay.tenant(), replay.destination()));
    return Optional.ofNullable(found.block()).orElse(Subscription.NONE);
  }

  private Set<DeliveryId> recorded(Replay replay, Set<DeliveryId> wanted) {
    if (wanted.isEmpty()) {
      return Set.of();
    }
    BinaryArray at = BinaryArray.ofTimes();
    BinaryArray id = BinaryArray.ofUuids();
    wanted.forEach(delivery -> at.time(delivery.time()));
    wanted.forEach(delivery -> id.uuid(delivery.uuid()));
    Mono<List<UUID>> found =
        transactions.within(
            replay.tenant(),
            database ->
                database
                    .sql(RECORDED)
                    .bind("at", at)
                    .bind("id", id)
                    .bind("tenant", replay.tenant().value())
                    .map(row -> Columns.required(row, "id", UUID.class))
                    .all()
                    .collectList());
    return Optional.ofNullable(found.block()).orElse(List.of()).stream()
        .map(DeliveryId::new)
        .collect(Collectors.toSet());
  }
}
