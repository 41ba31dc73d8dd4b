// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All that is in a topic, read once: each question reads only what has come since the last. */
public final class TopicContent<T> implements AutoCloseable {

  private static final Map<String, TopicContent<ConsumerRecord<byte[], byte[]>>> READ =
      new ConcurrentHashMap<>();

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
  public TopicContent(String topic, Function<ConsumerRecord<byte[], byte[]>, Stream<T>> meaning) {
    this.topic = topic;
    this.meaning = meaning;
  }

  /** The records of a topic, which is open for as long as this JVM lives. */
  public static List<ConsumerRecord<byte[], byte[]>> of(String topic) {
    return READ.computeIfAbsent(topic, name -> new TopicContent<>(name, Stream::of)).all();
  }

  /** What is in it now. */
  public synchronized List<T> all() {
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
