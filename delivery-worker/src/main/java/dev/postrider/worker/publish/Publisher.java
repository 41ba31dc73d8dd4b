// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.publish;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records so that they survive: acks of all in-sync replicas, idempotent, in order for each
 * key. A record that Kafka cannot take now is written again until it does, or until this is closed.
 */
public final class Publisher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

  private static final Duration LONGEST_BLOCK = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);
  private static final int LARGEST_REQUEST = 2 * 1024 * 1024;

  private final Producer<byte[], byte[]> producer;
  private volatile boolean closed;

  /** Writes through this producer and closes it in the end. */
  public Publisher(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * A publisher to the given brokers.
   *
   * @param linger how long a record may wait for others to go with it: each request, and each
   *     partition in it, costs the broker more than a record
   */
  public static Publisher to(String bootstrapServers, Duration linger) {
    return new Publisher(
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "none",
                // One request at a time: what comes meanwhile goes together in the next one, so
                // batches grow with the load.
                ProducerConfig.LINGER_MS_CONFIG,
                (int) linger.toMillis(),
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1,
                ProducerConfig.BATCH_SIZE_CONFIG,
                64 * 1024,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                (int) LONGEST_BLOCK.toMillis(),
                // The producer repeats in order, whoever writes anew does not: so it never gives
                // up.
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Integer.MAX_VALUE,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                LARGEST_REQUEST),
            new ByteArraySerializer(),
            new ByteArraySerializer()));
  }

  /**
   * Completes when the record is safe, on a thread that must neither publish nor wait. Fails only
   * when the record can never be written (too large, for a topic) or when this is closed first.
   * Blocks for at most two seconds, while the broker is away and the buffer full.
   */
  public CompletableFuture<Void> publish(ProducerRecord<byte[], byte[]> record) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    attempt(record, written);
    return written;
  }

  private void attempt(ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> written) {
    try {
      producer.send(record, (_, fault) -> answered(record, written, fault));
    } catch (KafkaException fault) {
      answered(record, written, fault);
    }
  }

  private void answered(
      ProducerRecord<byte[], byte[]> record,
      CompletableFuture<Void> written,
      @Nullable Exception fault) {
    if (fault == null) {
      written.complete(null);
    } else if (!closed && !hopeless(fault)) {
      LOG.warn("{} did not take a record, writing it again: {}", record.topic(), fault.toString());
      again().execute(() -> attempt(record, written));
    } else {
      written.completeExceptionally(fault);
    }
  }

  /** Only the record itself can make writing it again pointless; brokers and rights come back. */
  private static boolean hopeless(Exception fault) {
    return fault instanceof RecordTooLargeException || fault instanceof SerializationException;
  }

  private static Executor again() {
    return CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits up to five seconds for what was begun. */
  @Override
  public void close() {
    closed = true;
    producer.close(LONGEST_CLOSE);
  }
}
