// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static dev.postrider.worker.TestDeliveries.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.metrics.DeliveryMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The consumer knows of nothing new in a partition that is paused. */
class LagTest {

  private static final TopicPartition FRESH = new TopicPartition(Topics.DELIVERIES, 0);
  private static final TopicPartition PARKED =
      new TopicPartition(Topics.retry(RetryTiers.DEFAULT.tiers().getFirst()), 0);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final AtomicReference<CompletableFuture<Map<TopicPartition, Long>>> ends =
      new AtomicReference<>(CompletableFuture.completedFuture(Map.of()));
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final Assigned fresh = new Assigned(FRESH, 7, new Lease(() -> 0), null);
  private final Assigned parked = new Assigned(PARKED, 7, new Lease(() -> 0), null);
  private final Lag lag =
      new Lag(
          new Topics(1, 1, RetryTiers.DEFAULT),
          _ -> ends.get(),
          new DeliveryMetrics(registry, RetryTiers.DEFAULT),
          now::get);

  @BeforeEach
  void assign() {
    consumer.assign(List.of(FRESH, PARKED));
    consumer.updateBeginningOffsets(Map.of(FRESH, 7L, PARKED, 7L));
    consumer.updateEndOffsets(Map.of(FRESH, 7L, PARKED, 7L));
  }

  @Test
  void isNothingAtRest() {
    take(NOON);

    assertThat(gauge("postrider.intake.lag.records")).isZero();
    assertThat(gauge("postrider.intake.lag.seconds")).isZero();
  }

  @Test
  void countsWhatCameIntoATierWhileItIsPaused() {
    parked.ledger().take(7, 1, NOON);
    ends.set(CompletableFuture.completedFuture(Map.of(PARKED, 57L)));

    take(NOON);

    assertThat(registry.get("postrider.parked.records").tag("tier", "6h").gauge().value())
        .isEqualTo(50);
  }

  @Test
  void isAsOldAsTheOldestRecordThatHasNotSettled() {
    OffsetLedger.Entry first = fresh.ledger().take(7, 1, NOON.minusSeconds(90));
    fresh.ledger().take(8, 1, NOON.minusSeconds(30));
    take(NOON);
    assertThat(gauge("postrider.intake.lag.seconds")).isEqualTo(90);

    first.settle();
    take(NOON);

    assertThat(gauge("postrider.intake.lag.seconds")).isEqualTo(30);
  }

  @Test
  void growsWhileAPausedPartitionHasSomethingToRead() {
    ends.set(CompletableFuture.completedFuture(Map.of(FRESH, 17L)));
    take(NOON);

    take(NOON.plusSeconds(120));

    assertThat(gauge("postrider.intake.lag.records")).isEqualTo(10);
    assertThat(gauge("postrider.intake.lag.seconds")).isEqualTo(120);
  }

  @Test
  void asksAgainAfterABrokerThatDoesNotAnswer() {
    ends.set(CompletableFuture.failedFuture(new IllegalStateException("away")));
    take(NOON);
    ends.set(CompletableFuture.completedFuture(Map.of(FRESH, 17L)));

    take(NOON.plusSeconds(5));

    assertThat(gauge("postrider.intake.lag.records")).isEqualTo(10);
  }

  private void take(Instant time) {
    now.set(time);
    lag.take(consumer, List.of(fresh, parked));
  }

  private double gauge(String name) {
    return registry.get(name).tag("topic", Topics.DELIVERIES).gauge().value();
  }
}
