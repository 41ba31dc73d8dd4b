// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.contract;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.wire.ProbeCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Answers probes as a worker would whose receivers say 200, without sending anything. */
final class TestWorker implements AutoCloseable {

  private static final Map<String, Object> KAFKA =
      Map.of("bootstrap.servers", TestKafka.bootstrapServers());

  private final KafkaConsumer<byte[], byte[]> probes =
      new KafkaConsumer<>(KAFKA, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  private final KafkaProducer<byte[], byte[]> replies =
      new KafkaProducer<>(KAFKA, new ByteArraySerializer(), new ByteArraySerializer());
  private final Thread thread = Thread.ofVirtual().unstarted(this::serve);
  private volatile boolean stopped;

  TestWorker() {
    List<TopicPartition> all =
        probes.partitionsFor(Topics.PROBES).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    probes.assign(all);
    probes.seekToEnd(all);
    all.forEach(probes::position);
    thread.start();
  }

  private void serve() {
    while (!stopped) {
      probes.poll(Duration.ofMillis(100)).forEach(probe -> replies.send(reply(probe)));
    }
    probes.close();
    replies.close();
  }

  private static ProducerRecord<byte[], byte[]> reply(ConsumerRecord<byte[], byte[]> probe) {
    Instant now = Instant.now();
    Attempt attempt =
        new Attempt(
            now,
            Duration.ofMillis(1),
            new Outcome.Accepted(200),
            new HeaderLines("content-type: application/json"),
            HeaderLines.NONE,
            "ok");
    return ProbeCodec.reply(
        probe,
        Report.of(
            ProbeCodec.read(probe).delivery(),
            attempt,
            new Decision.Finished(DeliveryState.DELIVERED),
            now));
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
