// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Report;
import dev.postrider.model.retry.Backoff;
import dev.postrider.model.retry.RetryPolicy;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.ScriptedServer;
import dev.postrider.test.TestKafka;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What goes to the dispatcher without lying in {@code deliveries} first, and what does not. */
class HandOverIT {

  private static final int EVENTS = 50;
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration A_SECOND = Duration.ofSeconds(1);
  private static final RetryPolicy PATIENT = new RetryPolicy(new Backoff.Fixed(A_SECOND), 100);

  @Test
  void writesOnlyWhatWantsOrder() throws Exception {
    try (TestWorker worker = TestWorker.start();
        TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe(receiver, TestWorker.FAST_RETRY);
      long before = inDeliveries();
      publish(worker, receiver, "handed.over");
      assertThat(inDeliveries()).isEqualTo(before);

      worker.subscribeInOrder(receiver, TestWorker.FAST_RETRY);
      publish(worker, receiver, "in.order");
      assertThat(inDeliveries()).isEqualTo(before + EVENTS);
    }
  }

  @Test
  void goesOnWhereTheGroupIsThatReadEventsBefore() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200);
        TestWorker first = TestWorker.start()) {
      first.subscribe(receiver, TestWorker.FAST_RETRY);
      publish(first, receiver, "before.hand.over");

      try (TestWorker second = first.restarted(HandOverIT::asIfTheRouterHadReadEvents)) {
        second.publish(TestEvents.of("after.hand.over", "{}"));
        await().atMost(MINUTE).until(() -> receiver.count("after.hand.over") == 1);
        assertThat(routed(second)).isEqualTo(1);
      }
    }
  }

  @Test
  void servesAReceiverThatHungWhenItAnswers() throws Exception {
    AtomicBoolean answers = new AtomicBoolean();
    Set<String> served = ConcurrentHashMap.newKeySet();
    try (TestWorker worker = TestWorker.start();
        ScriptedServer receiver =
            ScriptedServer.answering(
                exchange -> {
                  if (answers.get()) {
                    served.add(exchange.header("webhook-id"));
                    exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                  }
                })) {
      worker.alsoSubscribe(receiver.url(), PATIENT, A_SECOND);
      for (int number = 0; number < EVENTS; number++) {
        worker.publishSoon(TestEvents.of("of.one.that.hangs", "{}"));
      }
      worker.reports(HandOverIT::isPutOffAtFirst, 1);

      answers.set(true);

      await().atMost(MINUTE).until(() -> served.size() == EVENTS);
    }
  }

  private static boolean isPutOffAtFirst(Report report) {
    return report.type().value().equals("of.one.that.hangs")
        && report.attempt() == null
        && report.due() == null;
  }

  private static void publish(TestWorker worker, TestReceiver receiver, String type) {
    for (int number = 0; number < EVENTS; number++) {
      worker.publishSoon(TestEvents.of(type, "{}"));
    }
    await().atMost(MINUTE).until(() -> receiver.count(type) == EVENTS);
  }

  private static double routed(TestWorker worker) {
    return worker
        .bean(MeterRegistry.class)
        .get("postrider.events")
        .tag("result", "routed")
        .counter()
        .count();
  }

  private static long inDeliveries() throws Exception {
    try (Admin admin = admin()) {
      int count =
          admin
              .describeTopics(List.of(Topics.DELIVERIES))
              .topicNameValues()
              .get(Topics.DELIVERIES)
              .get()
              .partitions()
              .size();
      Map<TopicPartition, OffsetSpec> all =
          IntStream.range(0, count)
              .mapToObj(number -> new TopicPartition(Topics.DELIVERIES, number))
              .collect(toMap(partition -> partition, _ -> OffsetSpec.latest()));
      return admin.listOffsets(all).all().get().values().stream()
          .mapToLong(end -> end.offset())
          .sum();
    }
  }

  private static void asIfTheRouterHadReadEvents() throws Exception {
    try (Admin admin = admin()) {
      Map<TopicPartition, OffsetAndMetadata> events =
          admin
              .listConsumerGroupOffsets("postrider-dispatch")
              .partitionsToOffsetAndMetadata()
              .get()
              .entrySet()
              .stream()
              .filter(offset -> offset.getKey().topic().equals(Topics.EVENTS))
              .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
      admin.alterConsumerGroupOffsets("postrider-route", events).all().get();
      admin.deleteConsumerGroupOffsets("postrider-dispatch", events.keySet()).all().get();
    }
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()));
  }
}
