// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.Payload;
import dev.postrider.model.wire.EventCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes as a platform service does, straight to Kafka. Every event is numbered and wanted by
 * one destination, so that events and deliveries are as many.
 */
final class Events implements AutoCloseable {

  static final String TENANT = "acme";

  private static final Duration LETTING_GO = Duration.ofSeconds(2);

  private final KafkaProducer<byte[], byte[]> producer;
  private final Payload payload;
  private final Clock clock;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private long published;

  Events(String kafka, int payload, Clock clock) {
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka,
                "linger.ms",
                0,
                "batch.size",
                128 * 1024,
                "buffer.memory",
                64L * 1024 * 1024),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.payload = Payload.of(payload(payload));
    this.clock = clock;
  }

  /** A JSON document of that many bytes, two at least. */
  static byte[] payload(int length) {
    return "{\"text\":\"%s\"}".formatted("x".repeat(Math.max(0, length - 11))).getBytes(US_ASCII);
  }

  /** The type that only this destination wants. */
  static String type(int destination) {
    return "bench.d" + destination;
  }

  /** What the receiver sees of an event as {@code ce-*} headers. */
  static Map<String, String> attributes(long event, int destination, Instant now) {
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("specversion", "1.0");
    attributes.put("id", Long.toString(event));
    attributes.put("source", "/benchmark");
    attributes.put("type", type(destination));
    attributes.put("time", now.toString());
    return attributes;
  }

  /** How many so far, which is the number of the last. */
  long published() {
    return published;
  }

  /** Hands one event to the producer and returns its number. */
  long publish(int destination) {
    long event = ++published;
    var attributes = attributes(event, destination, clock.instant());
    attributes.put("tenantid", TENANT);
    // Else all events of the tenant would lie in one partition.
    attributes.put("partitionkey", Integer.toString(destination));
    producer.send(
        EventCodec.publish(new EventDraft(attributes, "application/json", payload)),
        (_, fault) -> failure.compareAndSet(null, fault));
    return event;
  }

  /** Returns when Kafka has all that was published. */
  void flush() {
    producer.flush();
    if (failure.get() != null) {
      throw new IllegalStateException("Kafka did not take an event", failure.get());
    }
  }

  KafkaProducer<byte[], byte[]> producer() {
    return producer;
  }

  /** Gives up soon on what it still has: the broker may be gone, and nobody counts it any more. */
  @Override
  public void close() {
    producer.close(LETTING_GO);
  }
}
