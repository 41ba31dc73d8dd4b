// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import dev.postrider.model.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The events that another may have had in hand when this worker got its partitions. He may have
 * made deliveries of these partitions from them and handed them over; whoever has them now writes
 * those again, until they have all settled. Confined to the intake's thread.
 */
final class OpenEvents {

  static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private boolean past = true;

  OpenEvents(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /**
   * Looks where they end now: not further above what is committed than anything is handed over.
   *
   * @return since when something may have been done for one of them, or above it
   */
  Instant begin(Instant now) {
    Set<TopicPartition> all =
        consumer.partitionsFor(Topics.EVENTS).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .collect(Collectors.toSet());
    Map<TopicPartition, OffsetAndMetadata> commits = consumer.committed(all);
    Map<TopicPartition, Long> last = consumer.endOffsets(all);
    Instant since = now;
    past = false;
    ends.clear();
    for (TopicPartition partition : all) {
      OffsetAndMetadata commit = commits.get(partition);
      long end = last.getOrDefault(partition, 0L);
      if (commit != null && commit.offset() < end) {
        ends.put(partition, Math.min(end, commit.offset() + Assigned.FURTHEST_HANDED_OVER + 1));
        Instant own = ReportsNeeded.since(commit, now);
        since = own.isBefore(since) ? own : since;
      }
    }
    return since;
  }

  /** Whether they are of no concern any more. */
  boolean arePast() {
    return past;
  }

  /** Whether they have all settled by now; asks Kafka, if there are any. */
  boolean haveSettled() {
    if (ends.isEmpty()) {
      return true;
    }
    Map<TopicPartition, OffsetAndMetadata> commits = consumer.committed(ends.keySet(), PATIENCE);
    return ends.entrySet().stream()
        .allMatch(
            end -> {
              OffsetAndMetadata commit = commits.get(end.getKey());
              return commit != null && commit.offset() >= end.getValue();
            });
  }

  /** From now on they are. */
  void forget() {
    past = true;
  }
}
