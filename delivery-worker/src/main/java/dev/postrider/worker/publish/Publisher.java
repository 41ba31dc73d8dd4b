// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.publish;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
 * key. Nobody waits here: what Kafka cannot take now stands in a line until it does, and all that
 * comes meanwhile behind it. May be used by any thread.
 */
public final class Publisher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int PAUSES_UNTIL_WARNING = 20;
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);
  private static final int LARGEST_REQUEST = 2 * 1024 * 1024;

  /** Kept once it was needed, so no more than a sixteenth of the heap; in bytes. */
  private static final long BUFFER =
      Math.min(32L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 16);

  private final Producer<byte[], byte[]> producer;
  private final ScheduledExecutorService again =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("publish-again").factory());
  private Deque<Unwritten> waiting = new ArrayDeque<>();
  private int pauses;
  private boolean closed;

  private record Unwritten(
      ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> written) {}

  /** Writes through this producer, which must not block, and closes it in the end. */
  public Publisher(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * A publisher to the given brokers.
   *
   * @param name of the client, in the broker's log and in metrics
   * @param linger how long a record may wait for others to go with it: each request, and each
   *     partition in it, costs the broker more than a record
   * @param watch is shown the producer, for its metrics
   */
  public static Publisher to(
      String bootstrapServers, String name, Duration linger, Consumer<Producer<?, ?>> watch) {
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.CLIENT_ID_CONFIG,
                name,
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                // Which asks for the acks of all in-sync replicas, too.
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                // One request at a time: what comes meanwhile goes together in the next one, so
                // batches grow with the load.
                ProducerConfig.LINGER_MS_CONFIG,
                (int) linger.toMillis(),
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1,
                ProducerConfig.BATCH_SIZE_CONFIG,
                64 * 1024,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                BUFFER,
                // What publishes also sends and reads requests.
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                0,
                // The producer repeats in order, whoever writes anew does not: so it never gives
                // up.
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Integer.MAX_VALUE,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                LARGEST_REQUEST),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    watch.accept(producer);
    return new Publisher(producer);
  }

  /**
   * Completes when the record is safe, on a thread that must not wait. Fails only when the record
   * can never be written (too large, for a topic) or when this is closed first.
   */
  public synchronized CompletableFuture<Void> publish(ProducerRecord<byte[], byte[]> record) {
    var one = new Unwritten(record, new CompletableFuture<>());
    inTurn(one);
    return one.written();
  }

  private void inTurn(Unwritten one) {
    if (waiting.isEmpty()) {
      send(one);
    } else {
      waiting.add(one);
    }
  }

  private void send(Unwritten one) {
    try {
      producer.send(one.record(), (_, fault) -> answered(one, fault));
    } catch (KafkaException fault) {
      answered(one, fault);
    }
  }

  private void answered(Unwritten one, @Nullable Exception fault) {
    if (fault == null) {
      one.written().complete(null);
    } else if (hopeless(fault) || !putOff(one)) {
      one.written().completeExceptionally(fault);
    }
  }

  /** Only the record itself can make writing it again pointless; brokers and rights come back. */
  private static boolean hopeless(Exception fault) {
    return fault instanceof RecordTooLargeException || fault instanceof SerializationException;
  }

  private synchronized boolean putOff(Unwritten one) {
    if (closed) {
      return false;
    }
    if (waiting.isEmpty()) {
      again.schedule(this::sendWaiting, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
    waiting.add(one);
    return true;
  }

  private synchronized void sendWaiting() {
    var line = waiting;
    waiting = new ArrayDeque<>();
    line.forEach(this::inTurn);
    pauses = waiting.isEmpty() ? 0 : pauses + 1;
    if (pauses == PAUSES_UNTIL_WARNING) {
      LOG.warn("{} records wait until Kafka takes them", waiting.size());
    }
  }

  /** Waits up to five seconds for what was begun. */
  @Override
  public void close() {
    var left = stopped();
    left.forEach(one -> one.written().completeExceptionally(new KafkaException("closed")));
    producer.close(LONGEST_CLOSE);
  }

  private synchronized Deque<Unwritten> stopped() {
    closed = true;
    again.shutdownNow();
    var left = waiting;
    waiting = new ArrayDeque<>();
    return left;
  }
}
