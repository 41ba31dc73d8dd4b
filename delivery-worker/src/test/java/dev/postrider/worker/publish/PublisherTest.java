// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of records that Kafka does not take. */
class PublisherTest {

  private final MoodyProducer kafka = new MoodyProducer();
  private final Publisher publisher = new Publisher(kafka);

  /** Refuses records as Kafka's producer does that must not block. */
  private static final class MoodyProducer extends MockProducer<byte[], byte[]> {

    private volatile boolean away;

    MoodyProducer() {
      super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
      if (record.value().length > 10) {
        return failed(new RecordTooLargeException("too large"), callback);
      }
      return away
          ? failed(new TimeoutException("no metadata"), callback)
          : super.send(record, callback);
    }

    private static Future<RecordMetadata> failed(Exception fault, Callback callback) {
      callback.onCompletion(null, fault);
      return CompletableFuture.failedFuture(fault);
    }
  }

  @AfterEach
  void close() {
    publisher.close();
  }

  @Test
  void completesWhenKafkaHasTheRecord() {
    assertThat(publish("a")).isCompleted();
  }

  @Test
  void k13WritesInOrderWhatComesWhileKafkaTakesNothing() {
    kafka.away = true;
    var first = publish("a");
    var second = publish("b");
    kafka.away = false;
    var third = publish("c");

    assertThat(List.of(first, second, third)).noneMatch(CompletableFuture::isDone);
    await().untilAsserted(() -> assertThat(third).isCompleted());
    assertThat(written()).containsExactly("a", "b", "c");
  }

  @Test
  void k13GoesOnTryingForAsLongAsKafkaTakesNothing() {
    kafka.away = true;
    var record = publish("a");
    await().during(Duration.ofMillis(500)).until(() -> !record.isDone());
    kafka.away = false;

    await().untilAsserted(() -> assertThat(record).isCompleted());
    assertThat(written()).containsExactly("a");
  }

  @Test
  void givesUpOnlyWhatCanNeverBeWritten() {
    assertThat(publish("far too large")).isCompletedExceptionally();
    assertThat(publish("b")).isCompleted();
  }

  @Test
  void failsWhatStillWaitsWhenItIsClosed() {
    kafka.away = true;
    var record = publish("a");
    publisher.close();

    assertThat(record).isCompletedExceptionally();
  }

  private CompletableFuture<Void> publish(String value) {
    return publisher.publish(new ProducerRecord<>("topic", value.getBytes(UTF_8)));
  }

  private List<String> written() {
    return kafka.history().stream().map(record -> new String(record.value(), UTF_8)).toList();
  }
}
