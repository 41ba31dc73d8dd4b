// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static dev.postrider.api.delivery.TestReports.DELIVERED;
import static dev.postrider.api.delivery.TestReports.FAILED;
import static dev.postrider.api.delivery.TestReports.retryAfter;
import static dev.postrider.api.delivery.TestReports.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailingDestinationIT extends DestinationReportsIT {

  private static final Instant START = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS);

  private String destination;
  private TestReports reports;

  @BeforeEach
  void createDestination() {
    destination = createdDestination();
    reports = new TestReports(TENANT, destination);
  }

  @Test
  void b6DisablesAfterDaysOfOnlyFailures() {
    Report first = failure(Duration.ZERO);
    report(first, failure(Duration.ofDays(5).minusSeconds(1)));
    assertThat(statusOf(destination)).isEqualTo("active");

    Report last = failure(Duration.ofDays(5));
    report(last);
    assertThat(statusOf(destination)).isEqualTo("failing");
    assertThat(get(DESTINATIONS + "/" + destination).get("status_reason"))
        .isEqualTo(
            "nothing but failures from %s to %s, the last of them of %s"
                .formatted(START, last.at(), last.delivery()));
    assertThat(delivery(first).get("state")).isEqualTo("cancelled");
    assertOneAuditEntryBySystem(destination, last.delivery().toString());
    await()
        .untilAsserted(
            () -> assertThat(told("postrider.destination.disabled", destination)).hasSize(1));
  }

  @Test
  void b6KeepsTheClockInPostgres() {
    report(failure(Duration.ZERO));
    report(failure(Duration.ofDays(1)));
    assertThat(failingSince()).isEqualTo(START.toString());

    report(acceptance(Duration.ofDays(2)));
    assertThat(failingSince()).isNull();
  }

  @Test
  void b6StartsAnewAfterAnAcceptance() {
    report(failure(Duration.ZERO));
    report(acceptance(Duration.ofDays(4)));
    report(failure(Duration.ofDays(6)));
    report(failure(Duration.ofDays(10)));
    assertThat(statusOf(destination)).isEqualTo("active");

    report(failure(Duration.ofDays(11)));
    assertThat(statusOf(destination)).isEqualTo("failing");
  }

  @Test
  void b6StartsAnewWhenItIsEnabledAgain() {
    report(failure(Duration.ZERO));
    report(failure(Duration.ofDays(5)));
    assertThat(enable(destination).get("status")).isEqualTo("active");
    assertThat(failingSince()).isNull();

    report(failure(Duration.ofDays(6)));
    assertThat(statusOf(destination)).isEqualTo("active");
  }

  @Test
  void countsNoFaultOfOurOwn() {
    var ours = new Outcome.Refused(Outcome.Why.KEY_UNAVAILABLE);
    report(reports.first(ours, retryAfter(START), START));
    Instant later = START.plus(Duration.ofDays(6));
    report(reports.first(ours, retryAfter(later), later));
    assertThat(failingSince()).isNull();
    assertThat(statusOf(destination)).isEqualTo("active");
  }

  @Test
  void writesNothingAboutAHealthyDestination() {
    String version = "select xmin::text from destinations where id = " + uuid(destination);
    var before = query(version);
    report(acceptance(Duration.ZERO), acceptance(Duration.ofSeconds(1)));
    assertThat(query(version)).isEqualTo(before);
  }

  @Test
  void b20TellsOfDeliveriesThatFailedForGood() {
    Report failed = reports.first(status(500), FAILED, START);
    report(failed, failed);

    var events = told("postrider.delivery.failed", failed.delivery());
    assertThat(events.stream().map(event -> event.identity()).distinct()).hasSize(1);
    assertThat(new String(events.getFirst().payload().bytes(), UTF_8))
        .isEqualTo(
            """
            {"delivery_id":"%s","destination_id":"%s","event_id":"%s","ce_id":"ce-1",\
            "event_type":"incident.triggered","attempts":1,"last_outcome":"rejected",\
            "last_reason":"http_5xx","last_http_status":500,"at":"%s"}"""
                .formatted(failed.delivery(), destination, failed.event(), START));
  }

  @Test
  void b20TellsNothingOfTheDeliveryOfOperationalEvents() {
    Report failed = reports.first(status(500), FAILED, START, "postrider.delivery.failed");
    report(failed);

    assertThat(told("postrider.delivery.failed", failed.delivery())).isEmpty();
  }

  private Report failure(Duration after) {
    Instant at = START.plus(after);
    return reports.first(status(503), retryAfter(at), at);
  }

  private Report acceptance(Duration after) {
    return reports.first(status(200), DELIVERED, START.plus(after));
  }

  private String failingSince() {
    String micros =
        query(
                """
                select (extract(epoch from failing_since) * 1000000)::bigint::text
                from destinations where id =
                """
                    + uuid(destination))
            .getFirst();
    return micros == null
        ? null
        : Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS).toString();
  }
}
