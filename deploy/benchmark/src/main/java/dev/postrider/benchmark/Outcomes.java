// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static java.util.stream.Collectors.toMap;

import dev.postrider.model.wire.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far config-api's recorder is in what workers report. Asking Kafka costs little, where
 * counting rows again and again would cost PostgreSQL more than writing them.
 */
final class Outcomes implements AutoCloseable {

  private static final String GROUP = "postrider-recorder";

  private final Admin kafka;

  Outcomes(String kafka) {
    this.kafka = Admin.create(Map.of("bootstrap.servers", kafka));
  }

  /** Whether the recorder is through with every report in Kafka: its offsets follow its rows. */
  boolean areRecorded() {
    try {
      var ends = kafka.listOffsets(latestOf(partitions())).all().get();
      var done = kafka.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get();
      return ends.entrySet().stream()
          .allMatch(end -> offset(done.get(end.getKey())) >= end.getValue().offset());
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka does not say how far the recorder is", e);
    }
  }

  private List<TopicPartition> partitions() throws InterruptedException, ExecutionException {
    var topic = Topics.OUTCOMES;
    var described = kafka.describeTopics(List.of(topic)).allTopicNames().get();
    return described.values().stream()
        .flatMap(found -> found.partitions().stream())
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  private static Map<TopicPartition, OffsetSpec> latestOf(List<TopicPartition> partitions) {
    return partitions.stream().collect(toMap(partition -> partition, _ -> OffsetSpec.latest()));
  }

  private static long offset(@Nullable OffsetAndMetadata committed) {
    return committed == null ? 0 : committed.offset();
  }

  @Override
  public void close() {
    kafka.close();
  }
}
