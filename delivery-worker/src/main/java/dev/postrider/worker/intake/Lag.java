// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import dev.postrider.model.retry.RetryTiers.Tier;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.metrics.DeliveryMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * How far this worker is behind in the partitions it has, taken once a second by the thread that
 * owns the consumer, so that a scrape asks nobody.
 */
final class Lag {

  private final Map<String, Instant> newest = new HashMap<>();
  private volatile Map<String, Long> records = Map.of();
  private volatile Map<String, Instant> reached = Map.of();

  Lag(Topics topics, DeliveryMetrics metrics, InstantSource clock) {
    metrics.gauge(
        "postrider.intake.lag.records",
        () -> recordsOf(Topics.DELIVERIES),
        "topic",
        Topics.DELIVERIES);
    metrics.gauge(
        "postrider.intake.lag.seconds",
        () -> secondsOf(Topics.DELIVERIES, clock.instant()),
        "topic",
        Topics.DELIVERIES);
    for (Tier tier : topics.tiers().tiers()) {
      metrics.gauge(
          "postrider.parked.records", () -> recordsOf(Topics.retry(tier)), "tier", tier.label());
    }
  }

  /** A record of the topic was read. */
  void read(String topic, long timestamp) {
    newest.put(topic, Instant.ofEpochMilli(timestamp));
  }

  /** Takes the lag; what was read and waits in a line or a lane is behind as well. */
  void take(Consumer<?, ?> consumer, Stream<Assigned> assigned) {
    Map<String, Long> counted = new HashMap<>();
    assigned.forEach(
        partition -> {
          TopicPartition tp = partition.partition();
          long unread = consumer.currentLag(tp).orElse(0);
          counted.merge(tp.topic(), unread + partition.ledger().open(), Long::sum);
        });
    records = counted;
    reached = Map.copyOf(newest);
  }

  private long recordsOf(String topic) {
    return records.getOrDefault(topic, 0L);
  }

  private double secondsOf(String topic, Instant now) {
    Instant last = reached.get(topic);
    return last == null || recordsOf(topic) == 0
        ? 0
        : Duration.between(last, now).toMillis() / 1000.0;
  }
}
