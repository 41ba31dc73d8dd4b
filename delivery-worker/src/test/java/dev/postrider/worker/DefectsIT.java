// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventId;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.Status;

/** A defect of our own that one delivery brings to light ends with that delivery. */
class DefectsIT {

  private static final Outcome DEFECT = new Outcome.Refused(Outcome.Why.INTERNAL);
  private static final Decision DELIVERED = new Decision.Finished(DeliveryState.DELIVERED);
  private static final Duration LONG = Duration.ofSeconds(20);

  private static TestWorker worker;
  private static DefectiveClock clock;

  @BeforeAll
  static void startWorker() {
    worker = TestWorker.with(DefectiveClock.Setting.class);
    clock = worker.bean(DefectiveClock.class);
  }

  @AfterEach
  void servesStill() {
    assertThat(worker.bean(LoopsHealth.class).health().getStatus()).isEqualTo(Status.UP);
  }

  @AfterAll
  static void stopWorker() {
    worker.close();
  }

  /** From the intake's thread to what happens when the answer is there. */
  @ParameterizedTest
  @CsvSource({
    "Dispatcher.accept, internal",
    "Dispatcher.proceed, internal",
    "Sender.answered, other",
    "Dispatcher.ended, internal"
  })
  void k7TriesADeliveryAgainOnScheduleWhenADefectHasStoppedIt(String place, String reason)
      throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe(receiver, TestWorker.FAST_RETRY);
      String type = "defect.in." + place;
      clock.fail(place, 1);
      worker.publish(TestEvents.of(type, "{}"));
      await().atMost(LONG).until(clock::failed);
      Instant stopped = Instant.now();
      worker.publish(TestEvents.of("beside." + place, "{}"));

      accepted("beside." + place);
      assertThat(Instant.now()).isBefore(stopped.plusSeconds(4));
      List<Report> reports = reports(type, 2);

      assertThat(reports.getFirst().attempt().outcome().reason()).isEqualTo(reason);
      assertThat(reports.getLast().decision()).isEqualTo(DELIVERED);
      assertThat(reports.getLast().attempts()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Dispatcher.accept", "Dispatcher.proceed", "Dispatcher.ended"})
  void k7PutsADeliveryAmongTheDeadLettersWhoseLastAttemptMeetsADefect(String place)
      throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      Delivery last = waiting(receiver, "last.in." + place, 10, Duration.ZERO);
      clock.fail(place, 1);
      worker.send(DeliveryCodec.write(Topics.DELIVERIES, last, Instant.now()));

      Report report = reports("last.in." + place, 1).getFirst();

      assertThat(report.attempt().outcome()).isEqualTo(DEFECT);
      assertThat(report.decision()).isEqualTo(new Decision.Finished(DeliveryState.FAILED));
      assertThat(worker.deadLetter(last.id().toString())).isNotNull();
    }
  }

  @Test
  void k7RefusesWhatMeetsADefectOnItsWayThroughTheTiers() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      Delivery hopping = waiting(receiver, "defect.in.a.hop", 2, Duration.ofMinutes(1));
      clock.fail("RetryTopics.hop", Integer.MAX_VALUE); // others may hop as well
      worker.send(DeliveryCodec.write("postrider.deliveries.retry.1s", hopping, Instant.now()));

      assertThat(reports("defect.in.a.hop", 1).getFirst().attempt().outcome()).isEqualTo(DEFECT);
      clock.fail("RetryTopics.hop", 0);
      worker.publish(TestEvents.of("beside.a.hop", "{}"));

      accepted("beside.a.hop");
    }
  }

  /** With a window of one, a request that is never closed would be the last. */
  @ParameterizedTest
  @CsvSource({"Dispatcher.proceed, 1 2 3", "Dispatcher.ended, 1 1 2 3"})
  void k7LeavesTheWindowOpenAndTheOrderAsItIsWhenADefectHasStoppedTheHead(
      String place, String expected) throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribeInOrder(receiver, TestWorker.FAST_RETRY);
      clock.fail(place, 1);
      for (String number : List.of("1", "2", "3")) {
        worker.publishInOrder(TestEvents.of("defect.in.order", number));
      }

      List<String> wanted = List.of(expected.split(" "));

      assertThat(Stream.generate(() -> text(receiver.take())).limit(wanted.size()).toList())
          .isEqualTo(wanted);
    }
  }

  private static String text(TestReceiver.Received request) {
    return new String(request.body(), UTF_8);
  }

  /** A delivery to a new destination at the receiver, due after that time. */
  private static Delivery waiting(TestReceiver receiver, String type, int attempt, Duration until)
      throws Exception {
    DestinationId destination =
        worker.alsoSubscribe(receiver.url(), TestWorker.FAST_RETRY, Duration.ofSeconds(5));
    Instant now = Instant.now();
    return Delivery.first(
            worker.ours(TestEvents.of(type, "{}")).at(new EventId(now, 0, 0)), destination)
        .waiting(attempt, new Decision.Parked(now.plus(until), Decision.Why.RETRY));
  }

  /** By one destination at least: those of other tests may be at receivers that are gone. */
  private static void accepted(String type) {
    worker.reports(report -> is(report, type) && DELIVERED.equals(report.decision()), 1);
  }

  private static List<Report> reports(String type, int count) {
    return worker.reports(report -> is(report, type), count);
  }

  private static boolean is(Report report, String type) {
    return report.type().value().equals(type);
  }
}
