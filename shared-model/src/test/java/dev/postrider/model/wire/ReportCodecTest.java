// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivered;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.delivery.Run;
import dev.postrider.test.TestRecords;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReportCodecTest {

  private static final Delivery FIRST = Delivery.first(TestModel.event(), TestModel.DESTINATION_ID);
  private static final Decision DELIVERED = new Decision.Finished(DeliveryState.DELIVERED);
  private static final Decision.Parked RETRY =
      new Decision.Parked(TestModel.NOON.plusSeconds(5), Decision.Why.RETRY);
  private static final Attempt ATTEMPT =
      new Attempt(
          TestModel.NOON,
          Duration.ofMillis(12),
          new Outcome.Accepted(204),
          HeaderLines.NONE,
          HeaderLines.NONE,
          "");

  @Test
  void saysInAHeaderThatAFirstAttemptWasAccepted() {
    Report report = Report.of(FIRST, ATTEMPT, DELIVERED, TestModel.NOON);

    ConsumerRecord<byte[], byte[]> record = record(report);

    assertThat(ReportCodec.delivered(record))
        .contains(new Delivered(FIRST.id(), FIRST.event().id()));
    assertThat(ModelJson.readReport(record.value())).isEqualTo(report);
  }

  static Stream<Report> thoseThatSayMore() {
    return Stream.of(
        Report.of(FIRST, ATTEMPT, RETRY, TestModel.NOON),
        Report.of(FIRST, null, RETRY, TestModel.NOON),
        Report.of(FIRST, null, DELIVERED, TestModel.NOON),
        Report.of(FIRST, ATTEMPT, new Decision.Finished(DeliveryState.FAILED), TestModel.NOON),
        Report.of(FIRST.waiting(1, RETRY), ATTEMPT, DELIVERED, TestModel.NOON),
        Report.of(FIRST.waiting(2, RETRY), ATTEMPT, DELIVERED, TestModel.NOON),
        Report.of(FIRST.at(new Place(7, 6L)), ATTEMPT, DELIVERED, TestModel.NOON),
        Report.of(FIRST.in(new Run(17, 1, Run.Purpose.SEND)), ATTEMPT, DELIVERED, TestModel.NOON));
  }

  @ParameterizedTest
  @MethodSource("thoseThatSayMore")
  void hasNoHeaderWhereTheReportSaysMore(Report report) {
    assertThat(ReportCodec.delivered(record(report))).isEmpty();
  }

  @Test
  void passesOverAHeaderOfAnotherKind() {
    ConsumerRecord<byte[], byte[]> record =
        record(Report.of(FIRST, ATTEMPT, RETRY, TestModel.NOON));
    record.headers().add("postrider-delivered", new byte[31]);

    assertThat(ReportCodec.delivered(record)).isEmpty();
  }

  private static ConsumerRecord<byte[], byte[]> record(Report report) {
    return TestRecords.read(ReportCodec.write(report), 0, 0);
  }
}
