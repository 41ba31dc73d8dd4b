// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.delivery.Run;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.Ordering;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.destination.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The golden files are the contract between versions: a change that breaks one breaks rolling
 * upgrades.
 */
class ModelJsonTest {

  private static final Delivery DELIVERY =
      Delivery.first(TestModel.event(), TestModel.DESTINATION_ID);

  @Test
  void writesAndReadsDestinationsAsInTheGoldenFile() {
    byte[] golden = golden("destination");

    assertThat(text(ModelJson.write(TestModel.destination()))).isEqualTo(text(golden));
    assertThat(ModelJson.readDestination(golden)).isEqualTo(TestModel.destination());
  }

  @Test
  void readsSnapshotsFromBeforeThereWasAnOrdering() {
    Destination old = ModelJson.readDestination(golden("destination-without-ordering"));

    assertThat(old.ordering()).isEqualTo(Ordering.NONE);
    assertThat(old.limits()).isEqualTo(TestModel.destination().limits());
  }

  @Test
  void readsSnapshotsFromBeforeThereWereFilters() {
    Destination old = ModelJson.readDestination(golden("destination-before-filters"));

    assertThat(old.filters()).isEmpty();
    assertThat(old.tls()).isEqualTo(TlsSettings.USUAL);
    assertThat(old.request().format()).isEqualTo(PayloadFormat.CLOUDEVENTS_BINARY);
    assertThat(old.signing().keys()).isEqualTo(TestModel.destination().signing().keys());
  }

  static Stream<Arguments> reports() {
    return Stream.of(
        Arguments.of("report-accepted", report(new Outcome.Accepted(204), delivered())),
        Arguments.of(
            "report-rejected", report(new Outcome.Rejected(503, Duration.ofSeconds(3)), retry())),
        Arguments.of(
            "report-unreachable",
            report(new Outcome.Unreachable(Outcome.Cause.TLS_UNTRUSTED), retry())),
        Arguments.of(
            "report-refused", report(new Outcome.Refused(Outcome.Why.PRIVATE_ADDRESS), retry())),
        Arguments.of(
            "report-parked",
            Report.of(
                DELIVERY.waiting(2, new Decision.Parked(TestModel.NOON, Decision.Why.RETRY)),
                null,
                new Decision.Parked(TestModel.NOON.plusSeconds(5), Decision.Why.FULL),
                TestModel.NOON)));
  }

  @ParameterizedTest
  @MethodSource("reports")
  void writesAndReadsReportsAsInTheGoldenFiles(String name, Report report) {
    byte[] golden = golden(name);

    assertThat(text(ModelJson.write(report))).isEqualTo(text(golden));
    assertThat(ModelJson.readReport(golden)).isEqualTo(report);
  }

  @Test
  void keepsTheOrderAmongDeliveriesInTheReport() {
    for (Long behind : new Long[] {null, 41L}) {
      Report inOrder = Report.of(DELIVERY.at(new Place(42, behind)), null, retry(), TestModel.NOON);

      assertThat(ModelJson.readReport(ModelJson.write(inOrder))).isEqualTo(inOrder);
    }
  }

  @ParameterizedTest
  @CsvSource({"00, false", "01, true", "02, false", "03, true"})
  void keepsTheTraceInTheReportIfItIsRecorded(String flags, boolean recorded) {
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-" + flags;
    Delivery first =
        Delivery.first(DELIVERY.event().with("traceparent", parent), TestModel.DESTINATION_ID);

    Report read =
        ModelJson.readReport(ModelJson.write(Report.of(first, null, retry(), TestModel.NOON)));

    assertThat(read.trace()).isEqualTo(recorded ? parent : null);
  }

  @Test
  void keepsTheRunThatSomebodyOrderedInTheReport() {
    Delivery ordered = DELIVERY.in(new Run(17, 4, Run.Purpose.REPLACE));
    Report report = Report.of(ordered, null, retry(), TestModel.NOON);

    assertThat(ModelJson.readReport(ModelJson.write(report))).isEqualTo(report);
  }

  @Test
  void readsTheMembersOfAReportInAnyOrderAndPassesOverNewerOnes() {
    Report report = report(new Outcome.Rejected(500, null), retry());
    String json = text(ModelJson.write(report));
    String decision = "\"decision\":{\"type\":\"parked\"";
    String turned =
        json.replace(decision, "\"decision\":{\"colours\":[{\"a\":1}],\"type\":\"parked\"")
            .replace(
                "\"outcome\":{\"type\":\"rejected\",\"status\":500",
                "\"outcome\":{\"status\":500,\"type\":\"rejected\"")
            .replaceFirst("\\{", "{\"newer\":{\"deep\":[1,{}]},\"newest\":null,");

    assertThat(turned).isNotEqualTo(json);
    assertThat(ModelJson.readReport(turned.getBytes(UTF_8))).isEqualTo(report);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "7",
        "{",
        "{}",
        "{\"decision\":7}",
        "{\"attempt\":[]}",
        "{\"decision\":{\"type\":\"undecided\"}}",
        "{\"attempt\":{\"outcome\":{\"type\":\"odd\"}}}",
        "{\"attempt\":{\"request_headers\":{}}}",
        "{\"attempt\":{}}"
      })
  void refusesWhatIsNoReport(String json) {
    assertThatThrownBy(() -> ModelJson.readReport(json.getBytes(UTF_8)))
        .isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void refusesAReportThatLacksSomething() {
    String json = text(ModelJson.write(report(new Outcome.Accepted(200), delivered())));
    for (String member : List.of("delivery", "tenant", "number", "started_at", "status", "at")) {
      byte[] lacking = json.replace("\"" + member + "\":", "\"x\":").getBytes(UTF_8);

      assertThatThrownBy(() -> ModelJson.readReport(lacking)).hasMessage(member + " is required");
    }
  }

  @Test
  void passesOverMembersOfNewerVersions() {
    String newer = text(golden("destination")).replaceFirst("\\{", "{\"colour\":\"green\",");

    assertThat(ModelJson.readDestination(newer.getBytes(UTF_8))).isEqualTo(TestModel.destination());
  }

  @Test
  void refusesWhatIsNoSnapshot() {
    assertThatThrownBy(() -> ModelJson.readDestination("{\"id\":7}".getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Report report(Outcome outcome, Decision decision) {
    Attempt attempt =
        new Attempt(
            TestModel.NOON,
            Duration.ofMillis(12),
            outcome,
            HeaderLines.of(new HttpHeader("webhook-id", DELIVERY.id().toString())),
            HeaderLines.of(new HttpHeader("content-type", "text/plain")),
            "ok");
    return Report.of(DELIVERY, attempt, decision, TestModel.NOON);
  }

  private static Decision delivered() {
    return new Decision.Finished(DeliveryState.DELIVERED);
  }

  private static Decision retry() {
    return new Decision.Parked(TestModel.NOON.plusSeconds(5), Decision.Why.RETRY);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, UTF_8).strip();
  }

  private static byte[] golden(String name) {
    try (InputStream in = ModelJsonTest.class.getResourceAsStream("/golden/" + name + ".json")) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
