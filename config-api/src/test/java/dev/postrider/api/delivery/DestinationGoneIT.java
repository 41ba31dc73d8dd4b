// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static dev.postrider.api.delivery.TestReports.CANCELLED;
import static dev.postrider.api.delivery.TestReports.DELIVERED;
import static dev.postrider.api.delivery.TestReports.FAILED;
import static dev.postrider.api.delivery.TestReports.decided;
import static dev.postrider.api.delivery.TestReports.next;
import static dev.postrider.api.delivery.TestReports.retryAfter;
import static dev.postrider.api.delivery.TestReports.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationStatus;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TopicContent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

class DestinationGoneIT extends DestinationReportsIT {

  private static final Duration EVERYWHERE_WITHIN = Duration.ofSeconds(5);

  private String destination;
  private TestReports reports;

  @BeforeEach
  void createDestination() {
    destination = createdDestination();
    reports = new TestReports(TENANT, destination);
  }

  @Test
  void b4DisablesADestinationThatAnswers410() {
    Report waiting = reports.first(status(503), retryAfter(now()), now());
    Report gone = reports.first(status(410), FAILED, now());
    report(waiting, gone);

    await().atMost(EVERYWHERE_WITHIN).until(() -> snapshot().status() == DestinationStatus.GONE);
    Map<?, ?> shown = get(DESTINATIONS + "/" + destination);
    assertThat(shown.get("status")).isEqualTo("gone");
    assertThat(shown.get("enabled")).isEqualTo(false);
    assertThat(shown.get("status_reason"))
        .isEqualTo(
            "the receiver answered 410 Gone to %s at %s".formatted(gone.delivery(), gone.at()));
    assertThat(snapshot().version()).isEqualTo(2);
    assertThat(delivery(waiting).get("state")).isEqualTo("cancelled");
    assertThat(delivery(waiting).get("next_attempt_at")).isNull();
    assertThat(delivery(gone).get("state")).isEqualTo("failed");
    assertOneAuditEntryBySystem(destination, gone.delivery().toString());
  }

  @Test
  void b20TellsTheTenantOnceHoweverOftenItIsReported() {
    Report gone = reports.first(status(410), FAILED, now());
    report(gone, gone);
    report(gone, reports.first(status(410), FAILED, now()));

    await()
        .untilAsserted(
            () -> assertThat(told("postrider.destination.disabled", destination)).hasSize(1));
    var event = told("postrider.destination.disabled", destination).getFirst();
    assertThat(event.source()).isEqualTo("/postrider");
    assertThat(event.tenant().value()).isEqualTo(TENANT);
    assertThat(event.ceId()).isEqualTo(destination + "-2");
    assertThat(new String(event.payload().bytes(), UTF_8))
        .startsWith(
            "{\"destination_id\":\"%s\",\"name\":\"receiver\",\"status\":\"gone\",\"reason\":\"the"
                .formatted(destination));
    assertOneAuditEntryBySystem(destination, gone.delivery().toString());
  }

  @Test
  void letsAnAcceptanceWinThatWasInFlightAndNothingElse() {
    Report accepted = reports.first(status(503), retryAfter(now()), now());
    Report rejected = reports.first(status(503), retryAfter(now()), now());
    Report comesBack = reports.first(status(503), retryAfter(now()), now());
    report(accepted, rejected, comesBack, reports.first(status(410), FAILED, now()));
    assertThat(delivery(accepted).get("state")).isEqualTo("cancelled");

    report(
        next(accepted, status(200), DELIVERED, now()),
        next(rejected, status(503), retryAfter(now()), now()),
        decided(comesBack, CANCELLED, now()));
    assertThat(delivery(accepted).get("state")).isEqualTo("delivered");
    assertThat(delivery(rejected).get("state")).isEqualTo("cancelled");
    assertThat(delivery(rejected).get("attempt_count")).isEqualTo(2);
    assertThat(delivery(comesBack).get("state")).isEqualTo("cancelled");
  }

  @Test
  void staysEnabledWhenA410FromBeforeIsReadLate() {
    report(reports.first(status(410), FAILED, now()));
    Instant before = Instant.now();
    assertThat(enable(destination).get("status")).isEqualTo("active");

    report(reports.first(status(410), FAILED, before));
    assertThat(statusOf(destination)).isEqualTo("active");
    await()
        .untilAsserted(
            () -> assertThat(told("postrider.destination.enabled", destination)).hasSize(1));

    report(reports.first(status(410), FAILED, now().plusMillis(20)));
    assertThat(statusOf(destination)).isEqualTo("gone");
  }

  @Test
  void followsItsDeliveriesAgainOnceItIsEnabled() {
    Report waiting = reports.first(status(503), retryAfter(now()), now());
    report(waiting, reports.first(status(410), FAILED, now()));
    enable(destination);

    report(next(waiting, status(503), retryAfter(now()), now()));
    assertThat(delivery(waiting).get("state")).isEqualTo("retrying");
  }

  @Test
  void staysGoneWhileItsAdminChangesOtherThings() {
    report(reports.first(status(410), FAILED, now()));
    as(ADMIN, HttpMethod.PATCH, DESTINATIONS + "/" + destination)
        .contentType(MediaType.valueOf("application/merge-patch+json"))
        .bodyValue("{\"name\": \"former receiver\"}")
        .exchange()
        .expectBody()
        .jsonPath("$.status")
        .isEqualTo("gone")
        .jsonPath("$.status_reason")
        .exists();
  }

  private Destination snapshot() {
    return TopicContent.of(Topics.DESTINATIONS).stream()
        .filter(record -> new String(record.key(), UTF_8).equals(destination))
        .reduce((_, later) -> later)
        .map(record -> ModelJson.readDestination(record.value()))
        .orElseThrow();
  }

  private static Instant now() {
    return Instant.now().plusMillis(20); // attempts begin 10 ms before they are reported
  }
}
