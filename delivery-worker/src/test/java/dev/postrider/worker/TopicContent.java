// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import dev.postrider.test.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All that is in a topic, read once: each question reads only what has come since the last. */
final class TopicContent<T> implements AutoCloseable {

  private final String topic;
  private final Function<ConsumerRecord<byte[], byte[]>, Stream<T>> meaning;
  private final KafkaConsumer<byte[], byte[]> consumer =
      new KafkaConsumer<>(
          Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
          new ByteArrayDeserializer(),
          new ByteArrayDeserializer());
  private final List<T> all = new ArrayList<>();

  /**
   * The topic need not be there before the first question.
   *
   * @param meaning of a record; none, if it does not count
   */
  TopicContent(String topic, Function<ConsumerRecord<byte[], byte[]>, Stream<T>> meaning) {
    this.topic = topic;
    this.meaning = meaning;
  }

  /** What is in it now. */
  synchronized List<T> all() {
    if (consumer.assignment().isEmpty()) {
      consumer.assign(partitions());
      consumer.seekToBeginning(consumer.assignment());
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      consumer
          .poll(Duration.ofMillis(100))
          .forEach(record -> meaning.apply(record).forEach(all::add));
    }
    return List.copyOf(all);
  }

  private List<TopicPartition> partitions() {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  @Override
  public synchronized void close() {
    consumer.close();
  }
}
