// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.retry.Backoff;
import dev.postrider.model.retry.RetryPolicy;
import io.cloudevents.core.message.Encoding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way of an event through one worker, against a real broker and a real receiver. */
class WorkerFlowIT {

  private static final RetryPolicy AFTER_THREE_SECONDS =
      new RetryPolicy(new Backoff.Fixed(Duration.ofSeconds(3)), 3);

  private static TestWorker worker;

  @BeforeAll
  static void startWorker() {
    worker = TestWorker.start();
  }

  @AfterAll
  static void stopWorker() {
    worker.close();
  }

  @Test
  void deliversWhatWasPublishedByteForByteAndSigned() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe(receiver, TestWorker.FAST_RETRY);
      EventDraft event = TestEvents.of("byte.exact", "{ \"amount\": 1.50, \"city\":\"Zürich\" }");
      worker.publish(event);

      TestReceiver.Received request = receiver.take();

      assertThat(request.body()).isEqualTo(event.payload().bytes());
      assertThat(request.header("content-type")).isEqualTo("application/json");
      assertThat(request.header("ce-type")).isEqualTo("byte.exact");
      assertThat(request.header("user-agent")).startsWith("Postrider/");
      worker.verifySignature(request);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {"BINARY", "STRUCTURED"})
  void takesWhatTheCloudEventsSdkPublishes(Encoding encoding) throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe(receiver, TestWorker.FAST_RETRY);
      worker.publishWithSdk(encoding, "from.the.sdk", "{\"n\":1}");

      TestReceiver.Received request = receiver.take();

      assertThat(request.header("ce-type")).isEqualTo("from.the.sdk");
      assertThat(new String(request.body(), UTF_8)).isEqualTo("{\"n\":1}");
      worker.verifySignature(request);
    }
  }

  @Test
  void o11RetriesAfterServerErrorsNeverEarlyAndFreshlySigned() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(500, 500, 200)) {
      worker.subscribe(receiver, TestWorker.FAST_RETRY);
      worker.publish(TestEvents.of("retry.me", "{}"));

      List<TestReceiver.Received> attempts =
          IntStream.range(0, 3).mapToObj(_ -> receiver.take()).toList();

      assertThat(attempts)
          .extracting(one -> one.header("webhook-id"))
          .containsOnly(attempts.getFirst().header("webhook-id"));
      assertThat(attempts)
          .extracting(one -> one.header("webhook-signature"))
          .doesNotHaveDuplicates();
      for (int next = 1; next < 3; next++) {
        assertThat(Duration.between(attempts.get(next - 1).at(), attempts.get(next).at()))
            .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
      }
      List<Report> reports = worker.reportsOf(attempts.getFirst().header("webhook-id"), 3);
      assertThat(reports)
          .extracting(Report::state)
          .containsExactly(DeliveryState.RETRYING, DeliveryState.RETRYING, DeliveryState.DELIVERED);
      assertThat(reports).extracting(Report::number).containsExactly(1, 2, 3);
    }
  }

  @Test
  void putsAnExhaustedDeliveryAmongTheDeadLettersAndLeavesItThere() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(500)) {
      worker.subscribe(receiver, TestWorker.FAST_RETRY);
      worker.publish(TestEvents.of("dead.letter", "{\"dead\":true}"));
      String id = receiver.take().header("webhook-id");

      List<Report> reports = worker.reportsOf(id, 3);

      assertThat(reports.getLast().decision())
          .isEqualTo(new Decision.Finished(DeliveryState.FAILED));
      ConsumerRecord<byte[], byte[]> letter = worker.deadLetter(id);
      assertThat(new String(letter.value())).isEqualTo("{\"dead\":true}");
      assertThat(letter.headers().lastHeader("postrider-outcome")).isNotNull();
      await().during(Duration.ofSeconds(2)).until(() -> receiver.count() == 3);
    }
  }

  @Test
  void sendsAnEventThatIsPublishedTwiceOnce() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe(receiver, TestWorker.FAST_RETRY);
      EventDraft event = TestEvents.of("twice", "{}");
      worker.publish(event);
      worker.publish(event);
      worker.publish(TestEvents.of("twice", "{\"other\":1}"));

      await().until(() -> receiver.count() >= 2);

      await().during(Duration.ofSeconds(1)).until(() -> receiver.count() == 2);
    }
  }

  @Test
  void k6LetsGoodEventsThroughAmongPoison() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe(receiver, TestWorker.FAST_RETRY);
      worker.publish(TestEvents.of("good", "{\"n\":1}"));
      worker.publishRaw("garbage".getBytes(), List.of());
      worker.publish(TestEvents.without("tenantid"));
      worker.publish(TestEvents.of("good", "x".repeat(256 * 1024 + 1)));
      worker.publish(TestEvents.of("good", "{\"n\":2}"));

      receiver.take();
      receiver.take();

      assertThat(worker.undecodableReasons(3))
          .anyMatch(reason -> reason.startsWith("no CloudEvent"))
          .anyMatch(reason -> reason.equals("tenantid is required"))
          .anyMatch(reason -> reason.startsWith("value is 262145 bytes long"));
      assertThat(receiver.count()).isEqualTo(2);
    }
  }

  @Test
  void servesADestinationAsSoonAsItsSnapshotIsWritten() throws Exception {
    for (int round = 0; round < 50; round++) {
      try (TestReceiver receiver = TestReceiver.answering(200)) {
        worker.subscribe(receiver, TestWorker.FAST_RETRY);
        worker.publish(TestEvents.of("at.once", "{\"round\":" + round + "}"));
        assertThat(receiver.take().header("ce-type")).isEqualTo("at.once");
      }
    }
  }

  @Test
  void obeysRetryAfterForTheWholeDestination() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(429, 200).with("Retry-After", "3")) {
      worker.subscribe(receiver, TestWorker.FAST_RETRY);
      worker.publish(TestEvents.of("slow.down", "{}"));
      Instant first = receiver.take().at();
      worker.reports(report -> report.type().value().equals("slow.down"), 1);
      worker.publish(TestEvents.of("slow.down", "{\"second\":1}"));

      assertThat(Duration.between(first, receiver.take().at()))
          .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
    }
  }

  @Test
  void b19KeepsTheOrderBehindARetryingHeadAndHoldsUpNobodyElse() throws Exception {
    try (TestReceiver ordered = TestReceiver.answering(200, 500, 500, 200);
        TestReceiver other = TestReceiver.answering(200)) {
      worker.subscribeInOrder(ordered, TestWorker.FAST_RETRY);
      worker.alsoSubscribe(other.url(), TestWorker.FAST_RETRY, Duration.ofSeconds(5));
      for (int number = 0; number < 20; number++) {
        worker.publish(TestEvents.of("in.order." + number, "{}"));
      }

      await().until(() -> other.count() == 20);
      assertThat(ordered.count()).isLessThan(4);

      await().atMost(Duration.ofSeconds(20)).until(() -> ordered.count() == 22);
      List<String> types =
          Stream.generate(() -> ordered.take().header("ce-type")).limit(22).toList();
      List<String> expected =
          IntStream.range(0, 22)
              .mapToObj(n -> "in.order." + Math.max(n == 0 ? 0 : 1, n - 2))
              .toList();
      assertThat(types).isEqualTo(expected);
    }
  }

  @Test
  void b19SendsNothingMoreOfAnOrderWhoseDestinationWentMeanwhile() throws Exception {
    try (TestReceiver ordered = TestReceiver.answering(500, 200);
        TestReceiver other = TestReceiver.answering(200)) {
      worker.subscribeInOrder(ordered, AFTER_THREE_SECONDS);
      worker.alsoSubscribe(other.url(), TestWorker.FAST_RETRY, Duration.ofSeconds(5));
      for (int number = 0; number < 20; number++) {
        worker.publish(TestEvents.of("went", "{\"n\":" + number + "}"));
      }
      ordered.take();
      await().until(() -> other.count() == 20); // so all are routed

      worker.subscribe(other, TestWorker.FAST_RETRY);

      worker.reports(
          report ->
              report.type().value().equals("went") && report.state() == DeliveryState.CANCELLED,
          20);
      assertThat(ordered.count()).isEqualTo(1);
    }
  }

  @Test
  void b4AsksNothingMoreOfAReceiverThatIsGone() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(410)) {
      worker.subscribe(receiver, TestWorker.FAST_RETRY);
      worker.publish(TestEvents.of("gone", "{}"));
      receiver.take();
      worker.reports(report -> report.type().value().equals("gone"), 1);
      worker.publish(TestEvents.of("gone", "{\"later\":1}"));

      List<Report> reports = worker.reports(report -> report.type().value().equals("gone"), 2);

      assertThat(reports)
          .extracting(Report::state)
          .containsExactlyInAnyOrder(DeliveryState.FAILED, DeliveryState.CANCELLED);
      assertThat(receiver.count()).isEqualTo(1);
    }
  }

  @Test
  void refusesAPrivateTargetWithoutConnecting() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe("http://127.0.0.2:" + receiver.port() + "/", TestWorker.FAST_RETRY);
      worker.publish(TestEvents.of("private.target", "{}"));

      List<Report> reports =
          worker.reports(report -> report.type().value().equals("private.target"), 3);

      assertThat(reports)
          .allSatisfy(
              report -> assertThat(report.attempt().outcome().label()).isEqualTo("refused"));
      assertThat(receiver.count()).isZero();
    }
  }
}
