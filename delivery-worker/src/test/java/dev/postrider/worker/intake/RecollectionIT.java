// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static dev.postrider.worker.TestDeliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivered;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.ReportCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.model.wire.TopicsOnBroker;
import dev.postrider.test.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecollectionIT {

  private static final Topics TOPICS = new Topics(3, 1, RetryTiers.DEFAULT);

  /** Of its own for each test: Kafka finds a time by what was written first. */
  private static final AtomicInteger NEXT = new AtomicInteger();

  /** More than clocks usually differ. */
  private static final Duration LONG = Duration.ofSeconds(10);

  private final List<String> remembered = new ArrayList<>();
  private final Recollection recollection =
      new Recollection(new OutcomeTail(TestKafka.bootstrapServers(), TOPICS));
  private final String old = "old-" + UUID.randomUUID();
  private final int partition = NEXT.getAndIncrement();

  /** Later than all that other tests have written. */
  private final Instant since = Instant.now().plus(Duration.ofMinutes(30));

  private final String recent = "recent-" + UUID.randomUUID();

  @BeforeEach
  void oneReportIsFromBeforeAnythingWasOpen() throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", TestKafka.bootstrapServers());
    try (Admin admin = Admin.create(settings)) {
      new TopicsOnBroker(admin).ensure(TOPICS);
    }
    write(old, since.minus(LONG));
    write(recent, since);
  }

  @Test
  void servesWithoutWaitingForWhatIsOnlyWelcome() {
    read();
    assertThat(remembered).contains(id(recent)).doesNotContain(id(old));

    await()
        .until(
            () -> {
              recollection.goOn();
              return remembered.contains(id(old));
            });
    assertThat(remembered).containsOnlyOnce(id(recent), id(old));
  }

  @Test
  void forgetsWhatWasWelcomeWithThePartitions() {
    read();
    recollection.forget();

    await()
        .during(Duration.ofSeconds(1))
        .until(
            () -> {
              recollection.goOn();
              return !remembered.contains(id(old));
            });
  }

  private void read() {
    recollection.read(Map.of(partition, since), since.minusSeconds(600), new Remembering());
  }

  private final class Remembering implements OutcomeTail.Memory {
    @Override
    public void report(int partition, Report report) {}

    @Override
    public void delivered(int partition, Delivered delivered, Instant written) {
      remembered.add(delivered.delivery().toString());
    }

    @Override
    public void run(int partition, ConsumerRecord<byte[], byte[]> run) {}
  }

  private static String id(String event) {
    return delivery(event, 1).id().toString();
  }

  private void write(String event, Instant at) throws Exception {
    Delivery delivery = delivery(event, 1);
    Attempt attempt =
        new Attempt(
            at, Duration.ZERO, new Outcome.Accepted(204), HeaderLines.NONE, HeaderLines.NONE, null);
    ProducerRecord<byte[], byte[]> record =
        ReportCodec.write(
            Report.of(delivery, attempt, new Decision.Finished(DeliveryState.DELIVERED), at));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  record.topic(),
                  partition,
                  at.toEpochMilli(),
                  record.key(),
                  record.value(),
                  record.headers()))
          .get();
    }
  }
}
