// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static java.util.stream.Collectors.toMap;

import dev.postrider.model.wire.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
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

  /** How many reports there are, by partition. */
  Map<TopicPartition, Long> written() {
    return asked(() -> offsets(kafka.listOffsets(latestOf(partitions())).all().get()));
  }

  /** Whether the recorder is through with as many: its offsets follow its rows. */
  boolean areRecorded(Map<TopicPartition, Long> written) {
    var done =
        asked(() -> kafka.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get());
    return written.entrySet().stream()
        .allMatch(end -> offset(done.get(end.getKey())) >= end.getValue());
  }

  private static <T> T asked(Callable<T> question) {
    try {
      return question.call();
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    } catch (Exception e) {
      throw new IllegalStateException("Kafka does not say how far the recorder is", e);
    }
  }

  private static Map<TopicPartition, Long> offsets(
      Map<TopicPartition, ListOffsetsResultInfo> ends) {
    return ends.entrySet().stream()
        .collect(toMap(Map.Entry::getKey, end -> end.getValue().offset()));
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
