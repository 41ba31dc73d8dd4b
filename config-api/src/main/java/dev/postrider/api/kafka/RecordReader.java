// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.kafka;

import dev.postrider.api.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.springframework.kafka.core.ConsumerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Reads records back from where they lie. */
public final class RecordReader {

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int MANY = 200;

  private final ConsumerFactory<byte[], byte[]> consumers;

  RecordReader(ConsumerFactory<byte[], byte[]> consumers) {
    this.consumers = consumers;
  }

  /** What lies at a position. */
  public sealed interface Found {

    /** A record. */
    record Here(ConsumerRecord<byte[], byte[]> record) implements Found {}

    /** One lay there, but its retention is over. */
    record Gone() implements Found {}

    /** None ever did. */
    record Never() implements Found {}
  }

  /** A reader for many records of the topic; for one thread. */
  public BulkReader open(String topic) {
    Properties many = new Properties();
    many.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MANY);
    return new BulkReader(consumers.createConsumer(null, null, null, many), topic);
  }

  /** Looks for at most some seconds; a 503 when Kafka is away. */
  public Mono<Found> read(String topic, int partition, long offset) {
    return Mono.fromCallable(() -> find(new TopicPartition(topic, partition), offset))
        .subscribeOn(Schedulers.boundedElastic())
        .onErrorMap(
            KafkaException.class,
            e -> Problem.unavailable("Kafka is away, and the payload is there", e));
  }

  private Found find(TopicPartition partition, long offset) {
    try (Consumer<byte[], byte[]> consumer = consumers.createConsumer()) {
      if (partition.partition() >= consumer.partitionsFor(partition.topic(), PATIENCE).size()) {
        return new Found.Never();
      }
      List<TopicPartition> only = List.of(partition);
      consumer.assign(only);
      if (offset < consumer.beginningOffsets(only, PATIENCE).getOrDefault(partition, 0L)) {
        return new Found.Gone();
      }
      if (offset >= consumer.endOffsets(only, PATIENCE).getOrDefault(partition, 0L)) {
        return new Found.Never();
      }
      consumer.seek(partition, offset);
      return first(consumer, offset);
    }
  }

  private static Found first(Consumer<byte[], byte[]> consumer, long offset) {
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < patience) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        return record.offset() == offset ? new Found.Here(record) : new Found.Gone();
      }
    }
    throw new KafkaException("the record at " + offset + " did not come within " + PATIENCE);
  }
}
