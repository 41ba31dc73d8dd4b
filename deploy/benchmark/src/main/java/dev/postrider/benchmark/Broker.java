// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static java.util.stream.Collectors.toMap;

import dev.postrider.model.wire.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What scenarios ask of Kafka itself. How far config-api's recorder is in what workers report, for
 * one: that costs little, where counting rows again and again would cost PostgreSQL more than
 * writing them.
 */
final class Broker implements AutoCloseable {

  private static final String RECORDER = "postrider-recorder";

  private final Admin kafka;

  Broker(String address) {
    this.kafka = Admin.create(Map.of("bootstrap.servers", address));
  }

  /** How many reports there are, by partition. */
  Map<TopicPartition, Long> reported() {
    return asked(() -> offsets(kafka.listOffsets(latest(List.of(Topics.OUTCOMES))).all().get()));
  }

  /** Whether the recorder is through with as many: its offsets follow its rows. */
  boolean areRecorded(Map<TopicPartition, Long> reported) {
    var done =
        asked(() -> kafka.listConsumerGroupOffsets(RECORDER).partitionsToOffsetAndMetadata().get());
    return reported.entrySet().stream()
        .allMatch(end -> offset(done.get(end.getKey())) >= end.getValue());
  }

  /** Deletes what waits in the retry topics. */
  void forgetParked() {
    asked(
        () -> {
          var topics = kafka.listTopics().names().get().stream().filter(Broker::isRetry).toList();
          var ends = offsets(kafka.listOffsets(latest(topics)).all().get());
          var before = new HashMap<TopicPartition, RecordsToDelete>();
          ends.forEach((in, end) -> before.put(in, RecordsToDelete.beforeOffset(end)));
          return kafka.deleteRecords(before).all().get();
        });
  }

  private static boolean isRetry(String topic) {
    return topic.startsWith(Topics.DELIVERIES + ".retry.");
  }

  private static <T> T asked(Callable<T> question) {
    try {
      return question.call();
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    } catch (Exception e) {
      throw new IllegalStateException("Kafka does not answer", e);
    }
  }

  private static Map<TopicPartition, Long> offsets(
      Map<TopicPartition, ListOffsetsResultInfo> ends) {
    return ends.entrySet().stream()
        .collect(toMap(Map.Entry::getKey, end -> end.getValue().offset()));
  }

  private Map<TopicPartition, OffsetSpec> latest(List<String> topics)
      throws InterruptedException, ExecutionException {
    return kafka.describeTopics(topics).allTopicNames().get().values().stream()
        .flatMap(
            topic ->
                topic.partitions().stream()
                    .map(partition -> new TopicPartition(topic.name(), partition.partition())))
        .collect(toMap(partition -> partition, _ -> OffsetSpec.latest()));
  }

  private static long offset(@Nullable OffsetAndMetadata committed) {
    return committed == null ? 0 : committed.offset();
  }

  @Override
  public void close() {
    kafka.close();
  }
}
