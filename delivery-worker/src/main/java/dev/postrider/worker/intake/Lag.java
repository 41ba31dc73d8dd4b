// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static java.util.stream.Collectors.toMap;

import dev.postrider.model.retry.RetryTiers.Tier;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.metrics.DeliveryMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far this worker is behind in the partitions it has, taken once a second by the thread that
 * owns the consumer, so that a scrape asks nobody.
 *
 * <pre>
 *   records  not read + read and not settled
 *   seconds  age of the oldest record that was read and has not settled,
 *            or since when there is something to read
 * </pre>
 *
 * The consumer knows the end of a partition from its last fetch, and fetches nothing of one that is
 * paused: so whoever pauses longest would seem to be the least behind. Hence ends are asked for
 * beside it, and nobody waits for the answer.
 */
final class Lag {

  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(5);

  private final Ends source;
  private final InstantSource clock;
  private final Map<TopicPartition, Instant> behindSince = new HashMap<>();
  private Instant nextQuestion = Instant.EPOCH;
  private CompletableFuture<Void> asked = CompletableFuture.completedFuture(null);
  private volatile Map<TopicPartition, Long> ends = Map.of();
  private volatile Map<String, Long> records = Map.of();
  private volatile Map<String, Instant> oldest = Map.of();

  /** Where partitions end. */
  interface Ends {
    /** Returns at once; what it returns fails when the broker does not say. */
    CompletableFuture<Map<TopicPartition, Long>> of(Collection<TopicPartition> partitions);
  }

  Lag(Topics topics, Ends source, DeliveryMetrics metrics, InstantSource clock) {
    this.source = source;
    this.clock = clock;
    for (String topic : List.of(Topics.EVENTS, Topics.DELIVERIES)) {
      metrics.gauge("postrider.intake.lag.records", () -> recordsOf(topic), "topic", topic);
      metrics.gauge("postrider.intake.lag.seconds", () -> secondsOf(topic), "topic", topic);
    }
    for (Tier tier : topics.tiers().tiers()) {
      metrics.gauge(
          "postrider.parked.records", () -> recordsOf(Topics.retry(tier)), "tier", tier.label());
    }
  }

  static Ends endsBy(Admin admin) {
    return partitions ->
        admin
            .listOffsets(partitions.stream().collect(toMap(tp -> tp, _ -> OffsetSpec.latest())))
            .all()
            .toCompletionStage()
            .toCompletableFuture()
            .thenApply(
                found ->
                    found.entrySet().stream()
                        .collect(toMap(Map.Entry::getKey, end -> end.getValue().offset())));
  }

  /** Takes the lag; what was read and waits in a line or a lane is behind as well. */
  void take(Consumer<?, ?> consumer, Collection<Assigned> assigned) {
    Instant now = clock.instant();
    ask(assigned.stream().map(Assigned::partition).toList(), now);
    behindSince.keySet().retainAll(assigned.stream().map(Assigned::partition).toList());
    Map<String, Long> counted = new HashMap<>();
    Map<String, Instant> since = new HashMap<>();
    for (Assigned partition : assigned) {
      String topic = partition.partition().topic();
      long unread = unread(consumer, partition);
      counted.merge(topic, unread + partition.ledger().open(), Long::sum);
      Instant first = oldest(partition, unread, now);
      if (first != null) {
        since.merge(topic, first, (one, other) -> one.isBefore(other) ? one : other);
      }
    }
    records = counted;
    oldest = since;
  }

  private void ask(List<TopicPartition> partitions, Instant now) {
    if (asked.isDone() && !now.isBefore(nextQuestion) && !partitions.isEmpty()) {
      nextQuestion = now.plus(BETWEEN_QUESTIONS);
      asked = source.of(partitions).thenAccept(found -> ends = found);
    }
  }

  private long unread(Consumer<?, ?> consumer, Assigned partition) {
    TopicPartition tp = partition.partition();
    long next = partition.ledger().next();
    return Math.max(consumer.currentLag(tp).orElse(0), ends.getOrDefault(tp, next) - next);
  }

  private @Nullable Instant oldest(Assigned partition, long unread, Instant now) {
    if (unread == 0) {
      behindSince.remove(partition.partition());
      return partition.ledger().oldest();
    }
    Instant since = behindSince.computeIfAbsent(partition.partition(), _ -> now);
    Instant read = partition.ledger().oldest();
    return read == null ? since : read;
  }

  private long recordsOf(String topic) {
    return records.getOrDefault(topic, 0L);
  }

  private double secondsOf(String topic) {
    Instant since = oldest.get(topic);
    return since == null ? 0 : Duration.between(since, clock.instant()).toMillis() / 1000.0;
  }
}
