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
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.Ordering;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
            List.of(new HttpHeader("webhook-id", DELIVERY.id().toString())),
            List.of(new HttpHeader("content-type", "text/plain")),
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
