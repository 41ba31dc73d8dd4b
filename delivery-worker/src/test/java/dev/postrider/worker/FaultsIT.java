// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestKafka;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults of HARDENING's table that one worker and a broker can show. */
class FaultsIT {

  private static final int EVENTS = 100;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void b2AndK8ServeOthersAtOnceWhileOneReceiverHangs() throws Exception {
    try (TestWorker worker = TestWorker.start();
        TestReceiver receiver = TestReceiver.answering(200);
        ServerSocket hanging = new ServerSocket(0, 500, InetAddress.getLoopbackAddress())) {
      worker.subscribe(receiver, TestWorker.FAST_RETRY);
      worker.alsoSubscribe(
          "http://127.0.0.1:" + hanging.getLocalPort(),
          TestWorker.FAST_RETRY,
          Duration.ofSeconds(5));
      worker.publish(TestEvents.of("warm", "{}"));
      receiver.take();
      Instant published = Instant.now();
      for (int number = 0; number < EVENTS; number++) {
        worker.publishSoon(TestEvents.of("beside.hanging", "{}"));
      }

      await().atMost(Duration.ofSeconds(20)).until(() -> receiver.count() == EVENTS + 1);

      assertThat(Duration.between(published, Instant.now())).isLessThan(Duration.ofSeconds(4));
    }
  }

  /** What one rebalance finds on its way must not hold up the next. */
  @Test
  void k4LetsOthersJoinAtOnceWhenOneHasComeAndGone() throws Exception {
    othersJoinAtOnce(2);
  }

  @Test
  @Tag("soak")
  void k4LetsOthersJoinAtOnceHoweverOftenTheyComeAndGo() throws Exception {
    othersJoinAtOnce(20);
  }

  private static void othersJoinAtOnce(int often) throws Exception {
    var published = new AtomicInteger();
    try (TestWorker worker = TestWorker.start();
        TestReceiver receiver = TestReceiver.answering(200);
        ScheduledExecutorService platform = Executors.newSingleThreadScheduledExecutor()) {
      worker.subscribe(receiver, TestWorker.FAST_RETRY);
      platform.scheduleAtFixedRate(
          () -> {
            worker.publishSoon(TestEvents.of("while.others.join", "{}"));
            published.incrementAndGet();
          },
          0,
          10,
          TimeUnit.MILLISECONDS);
      for (int times = 0; times < often; times++) {
        joinAndLeaveRouting();
      }
      platform.close();

      await().atMost(MINUTE).until(() -> receiver.count("while.others.join") >= published.get());
      await()
          .during(Duration.ofSeconds(2))
          .until(() -> receiver.count("while.others.join") == published.get());
    }
  }

  private static void joinAndLeaveRouting() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            TestKafka.bootstrapServers(),
            "group.id",
            "postrider-dispatch",
            "enable.auto.commit",
            false);
    try (var other =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      other.subscribe(List.of(Topics.EVENTS));
      await()
          .atMost(Duration.ofSeconds(10))
          .pollInSameThread()
          .until(
              () -> {
                other.poll(Duration.ofMillis(50));
                return !other.assignment().isEmpty();
              });
    }
  }

  @Test
  void k12SendsNothingAgainWhenItsOffsetsAreGone() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200);
        TestWorker first = TestWorker.start()) {
      first.subscribe(receiver, TestWorker.FAST_RETRY);
      for (int number = 0; number < EVENTS; number++) {
        first.publishSoon(TestEvents.of("before.expiry", "{}"));
      }
      await().atMost(MINUTE).until(() -> receiver.count("before.expiry") == EVENTS);

      try (TestWorker second = first.restarted(FaultsIT::forgetOffsets)) {
        second.publish(TestEvents.of("after.expiry", "{}"));
        await().atMost(MINUTE).until(() -> receiver.count("after.expiry") == 1);
        await()
            .during(Duration.ofSeconds(2))
            .until(() -> receiver.count("before.expiry") == EVENTS);
        assertThat(receiver.count("after.expiry")).isEqualTo(1);
      }
    }
  }

  private static void forgetOffsets() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()))) {
      admin.deleteConsumerGroups(List.of("postrider-dispatch")).all().get();
    }
  }

  @Test
  void k23HoldsWhatItCannotSignAndUsesUpNoAttempt() throws Exception {
    try (TestWorker worker = TestWorker.start();
        TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribeWithForeignKey(receiver.url(), TestWorker.FAST_RETRY);
      worker.publish(TestEvents.of("no.key", "{}"));

      Report report = worker.reports(one -> one.type().value().equals("no.key"), 1).getFirst();

      assertThat(report.attempt()).isNull();
      assertThat(report.attempts()).isZero();
      assertThat(report.decision()).isInstanceOf(Decision.Parked.class);
      assertThat(receiver.count()).isZero();
    }
  }
}
