// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.repartition;

import dev.postrider.model.wire.Topics;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * By which partition count the records of the topics that belong together lie. It is kept in Kafka,
 * as the metadata of an offset of a group that nobody is a member of, and changes when everything
 * has been moved: so no worker serves what was moved in part, and two workers never disagree.
 */
public final class Layout {

  private static final String GROUP = "postrider-layout";
  private static final TopicPartition KEPT_AT = new TopicPartition(Topics.DELIVERIES, 0);

  private final Admin admin;

  /** Uses the client, does not close it. */
  public Layout(Admin admin) {
    this.admin = admin;
  }

  /**
   * Returns when records lie by this count; the first time, they do from now on. Blocks.
   *
   * @throws LayoutRefusedException when they lie by another
   * @throws ExecutionException when the broker refuses or does not answer
   */
  public void require(int partitions) throws InterruptedException, ExecutionException {
    OptionalInt known = find();
    if (known.isEmpty()) {
      set(partitions);
    } else if (known.getAsInt() != partitions) {
      throw new LayoutRefusedException(
          "refusing to start: what is under way lies in %d partitions, configured are %d"
              .formatted(known.getAsInt(), partitions));
    }
  }

  OptionalInt find() throws InterruptedException, ExecutionException {
    OffsetAndMetadata found =
        admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get().get(KEPT_AT);
    return found == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(found.metadata()));
  }

  void set(int partitions) throws InterruptedException, ExecutionException {
    OffsetAndMetadata kept = new OffsetAndMetadata(0, Integer.toString(partitions));
    admin.alterConsumerGroupOffsets(GROUP, Map.of(KEPT_AT, kept)).all().get();
  }
}
