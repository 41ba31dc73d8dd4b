// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.local.LocalStack;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A platform service of a tenant that publishes straight to Kafka. */
final class Platform implements AutoCloseable {

  private final String tenant;
  private final KafkaProducer<byte[], byte[]> producer;

  Platform(LocalStack stack, String tenant) {
    this.tenant = tenant;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                stack.environment().get("POSTRIDER_KAFKA"),
                "linger.ms",
                5,
                // Longer than tests keep Kafka away.
                "max.block.ms",
                300_000,
                "delivery.timeout.ms",
                300_000,
                // With five, Kafka once refused all that came for a partition after it had been
                // killed, as out of sequence. The worker's producers have one, too.
                "max.in.flight.requests.per.connection",
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Returns when Kafka has it. */
  void publish(String id, String data) throws Exception {
    send(id, data).get();
  }

  /** An event of type {@code a.b}, whose id begins as given. */
  Future<RecordMetadata> send(String id, String data) {
    return send("a.b", id, data);
  }

  Future<RecordMetadata> send(String type, String id, String data) {
    return write(null, type, id, data);
  }

  /** Events with the same key stay in order. */
  Future<RecordMetadata> sendInOrder(String key, String id, String data) {
    return sendInOrder(key, "a.b", id, data);
  }

  Future<RecordMetadata> sendInOrder(String key, String type, String id, String data) {
    return write(key.getBytes(UTF_8), type, id, data);
  }

  private Future<RecordMetadata> write(byte @Nullable [] key, String type, String id, String data) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("postrider.events", key, data.getBytes(UTF_8));
    Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            id + "-" + UUID.randomUUID(),
            "ce_source",
            "/platform",
            "ce_type",
            type,
            "ce_tenantid",
            tenant,
            "ce_time",
            Instant.now().toString(),
            "content-type",
            "application/json")
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    return producer.send(record);
  }

  /** The value is the whole CloudEvent. */
  void publishStructured(String event) throws Exception {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("postrider.events", event.getBytes(UTF_8));
    record.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
    producer.send(record).get();
  }

  /** Not what it should be. */
  void publishRaw(String topic, String value) throws Exception {
    producer.send(new ProducerRecord<>(topic, value.getBytes(UTF_8))).get();
  }

  void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }
}
