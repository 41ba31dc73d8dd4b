// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import dev.postrider.local.LocalStack;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Looks at what the workers have committed, five times a second: it may only grow. */
final class OffsetWatch implements AutoCloseable {

  private static final Map<String, ListConsumerGroupOffsetsSpec> GROUPS =
      Map.of("postrider-dispatch", new ListConsumerGroupOffsetsSpec());

  private final Admin admin;
  private final Map<TopicPartition, Long> last = new HashMap<>();
  private final List<String> regressions = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  OffsetWatch(LocalStack stack) {
    this.admin =
        Admin.create(Map.of("bootstrap.servers", stack.environment().get("POSTRIDER_KAFKA")));
    thread.scheduleWithFixedDelay(this::look, 0, 200, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      admin
          .listConsumerGroupOffsets(GROUPS)
          .all()
          .get()
          .values()
          .forEach(committed -> committed.forEach(this::compare));
    } catch (ExecutionException brokerAway) {
      // the next look tells
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void compare(TopicPartition partition, OffsetAndMetadata committed) {
    Long before = last.put(partition, committed.offset());
    if (before != null && committed.offset() < before) {
      regressions.add("%s from %d to %d".formatted(partition, before, committed.offset()));
    }
  }

  List<String> regressions() {
    return regressions;
  }

  @Override
  public void close() {
    thread.shutdownNow();
    admin.close();
  }
}
