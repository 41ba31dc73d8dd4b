// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Where events begin that nobody of this group has read yet: where the group left off that read
 * them before there was a hand-over, else with the first. Confined to the intake's thread.
 */
final class Beginning {

  private final Consumer<byte[], byte[]> consumer;
  private final Formerly formerly;

  /** Where a group stands. */
  interface Formerly {
    /** By partition; blocks. */
    Map<TopicPartition, OffsetAndMetadata> offsets();
  }

  Beginning(Consumer<byte[], byte[]> consumer, Formerly formerly) {
    this.consumer = consumer;
    this.formerly = formerly;
  }

  /** Committed at once, so that without a commit nothing can have been done. */
  void of(Collection<TopicPartition> events, Instant now) {
    Set<TopicPartition> unread = new HashSet<>(events);
    Map<TopicPartition, OffsetAndMetadata> commits = consumer.committed(unread);
    unread.removeIf(partition -> commits.get(partition) != null);
    if (unread.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> former = formerly.offsets();
    Map<TopicPartition, OffsetAndMetadata> begun = new HashMap<>();
    for (TopicPartition partition : unread) {
      OffsetAndMetadata there = former.get(partition);
      if (there != null) {
        consumer.seek(partition, there.offset());
      }
      begun.put(partition, new OffsetAndMetadata(consumer.position(partition), now.toString()));
    }
    consumer.commitSync(begun);
  }
}
