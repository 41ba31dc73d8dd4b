// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static dev.postrider.api.delivery.TestReports.DELIVERED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.api.ApiIT;
import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.delivery.Run;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventType;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.event.TimeOrderedUuid;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestPostgres;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.web.reactive.server.JsonPathAssertions;
import org.springframework.test.web.reactive.server.WebTestClient.BodyContentSpec;

class RecorderIT extends ApiIT {

  private static final String OPERATOR = "recorded/operator";
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private static final RandomGenerator RANDOM = RandomGenerator.getDefault();

  @Autowired private OutcomeBatches outcomes;
  @Autowired private KafkaTemplate<byte[], byte[]> kafka;
  @Autowired private MeterRegistry meters;

  @Test
  void p12ShowsARetryingDeliveryThenADeliveredOne() {
    Report first = report(1, rejected(), new Decision.Parked(NOW.plusSeconds(5), RETRY));
    send(first);
    awaitState(first, "retrying")
        .jsonPath("$.attempt_count")
        .isEqualTo(1)
        .jsonPath("$.next_attempt_at")
        .isEqualTo(NOW.plusSeconds(5).toString())
        .jsonPath("$.last_http_status")
        .isEqualTo(503)
        .jsonPath("$.last_reason")
        .isEqualTo("http_503")
        .jsonPath("$.attempts[0].outcome")
        .isEqualTo("rejected")
        .jsonPath("$.attempts[0].response_excerpt")
        .isEqualTo("no\ufffd");
    send(TestReports.after(first, accepted(), DELIVERED, NOW.plusSeconds(2)));
    awaitState(first, "delivered")
        .jsonPath("$.attempt_count")
        .isEqualTo(2)
        .jsonPath("$.next_attempt_at")
        .isEmpty()
        .jsonPath("$.attempts.length()")
        .isEqualTo(2);
  }

  @Test
  void p12ShowsThatADeliveryFailedForGood() {
    Report first = report(1, rejected(), new Decision.Parked(NOW, RETRY));
    Report last = TestReports.after(first, rejected(), TestReports.FAILED, NOW.plusSeconds(2));
    outcomes.write(List.of(new Recorded(first, 1), new Recorded(last, 2))).block();

    awaitState(first, "failed")
        .jsonPath("$.attempt_count")
        .isEqualTo(2)
        .jsonPath("$.next_attempt_at")
        .isEmpty()
        .jsonPath("$.last_reason")
        .isEqualTo("http_503");
  }

  @Test
  void changesNothingWhenABatchIsWrittenTwice() {
    Report first = report(1, rejected(), new Decision.Parked(NOW, RETRY));
    Report second = TestReports.after(first, accepted(), DELIVERED, NOW.plusSeconds(2));
    List<Recorded> batch = List.of(new Recorded(first, 10), new Recorded(second, 11));
    outcomes.write(batch).block();
    outcomes.write(batch).block();
    outcomes.write(batch.subList(0, 1)).block();
    awaitState(first, "delivered")
        .jsonPath("$.attempt_count")
        .isEqualTo(2)
        .jsonPath("$.last_http_status")
        .isEqualTo(200);
  }

  @Test
  void changesNothingWhenAnAcceptedDeliveryIsWrittenTwice() {
    Report first = report(1, accepted(), DELIVERED);
    Report other = report(1, accepted(), DELIVERED);
    Report fresh = report(1, accepted(), DELIVERED);
    Recorded recorded = new Recorded(first, 10);
    outcomes.write(List.of(recorded, new Recorded(other, 11))).block();
    outcomes.write(List.of(recorded, recorded, new Recorded(fresh, 12))).block();
    for (Report report : List.of(first, other, fresh)) {
      awaitState(report, "delivered")
          .jsonPath("$.attempt_count")
          .isEqualTo(1)
          .jsonPath("$.attempts.length()")
          .isEqualTo(1)
          .jsonPath("$.attempts[0].number")
          .isEqualTo(1)
          .jsonPath("$.attempts[0].outcome")
          .isEqualTo("accepted")
          .jsonPath("$.attempts[0].reason")
          .isEqualTo("http_2xx")
          .jsonPath("$.attempts[0].http_status")
          .isEqualTo(200)
          .jsonPath("$.attempts[0].request_headers[0].key")
          .isEqualTo("content-type");
    }
  }

  /** Long after the first, so that no worker remembers it: the receiver was asked twice. */
  @Test
  void countsTheAttemptOfAnEventThatWasPublishedAgain() {
    Report first = report(1, accepted(), DELIVERED);
    Report again = TestReports.publishedAgain(first);
    outcomes.write(List.of(new Recorded(first, 1))).block();
    outcomes.write(List.of(new Recorded(again, 2))).block();
    outcomes.write(List.of(new Recorded(again, 2))).block();
    awaitState(first, "delivered")
        .jsonPath("$.attempt_count")
        .isEqualTo(2)
        .jsonPath("$.attempts.length()")
        .isEqualTo(2);
  }

  @Test
  void keepsTheFirstAttemptOfAnAcceptedDeliveryThatIsSentAgain() {
    Report first = report(1, accepted(), DELIVERED);
    Report again = TestReports.after(first, rejected(), TestReports.FAILED, NOW.plusSeconds(2));
    outcomes.write(List.of(new Recorded(first, 1))).block();
    outcomes.write(List.of(new Recorded(again, 2))).block();
    awaitState(first, "failed")
        .jsonPath("$.attempt_count")
        .isEqualTo(2)
        .jsonPath("$.attempts[0].http_status")
        .isEqualTo(200)
        .jsonPath("$.attempts[1].http_status")
        .isEqualTo(503);
  }

  @Test
  void followsTheLatestOfManyReportsInOneBatch() {
    Report first = report(1, rejected(), new Decision.Parked(NOW, RETRY));
    Report second = TestReports.after(first, rejected(), new Decision.Parked(NOW, RETRY), NOW);
    Report parked = TestReports.decided(second, new Decision.Parked(NOW, Decision.Why.PACED), NOW);
    Report other = report(1, accepted(), DELIVERED);
    outcomes
        .write(
            List.of(
                new Recorded(first, 1),
                new Recorded(other, 2),
                new Recorded(second, 3),
                new Recorded(parked, 4)))
        .block();
    awaitState(other, "delivered").jsonPath("$.attempt_count").isEqualTo(1);
    awaitState(first, "retrying")
        .jsonPath("$.attempt_count")
        .isEqualTo(2)
        .jsonPath("$.last_reason")
        .isEqualTo("http_503")
        .jsonPath("$.attempts[1].request_headers[0].key")
        .isEqualTo("content-type");
  }

  /** A frozen worker's reports lie in its memory, and come when another has done its work. */
  @ParameterizedTest
  @MethodSource("late")
  void k5LetsNoLateReportUndoWhatAnotherWorkerHasDone(Report first, Report late, String state) {
    outcomes.write(List.of(new Recorded(first, 1))).block();
    outcomes.write(List.of(new Recorded(late, 2))).block();
    awaitState(first, state).jsonPath("$.attempt_count").isEqualTo(1);
  }

  static Stream<Arguments> late() {
    Decision retry = new Decision.Parked(NOW, RETRY);
    Decision wait = new Decision.Parked(NOW, Decision.Why.FULL);
    Decision failed = TestReports.FAILED;
    return Stream.of(
        twice(accepted(), DELIVERED, rejected(), retry, "delivered"),
        twice(accepted(), DELIVERED, null, wait, "delivered"),
        twice(accepted(), DELIVERED, rejected(), failed, "delivered"),
        twice(rejected(), retry, null, wait, "retrying"),
        twice(rejected(), failed, rejected(), retry, "failed"),
        twice(rejected(), failed, accepted(), DELIVERED, "delivered"),
        twice(rejected(), retry, accepted(), DELIVERED, "delivered"),
        twice(rejected(), retry, rejected(), failed, "failed"));
  }

  private static Arguments twice(
      Attempt attempt, Decision decision, Attempt other, Decision otherwise, String state) {
    Report first = report(1, attempt, decision);
    return Arguments.of(first, TestReports.insteadOf(first, other, otherwise), state);
  }

  @Test
  void k5LetsNoLateAttemptUndoThatItWasCancelled() {
    Report cancelled = report(1, null, TestReports.CANCELLED);
    Report late = TestReports.insteadOf(cancelled, rejected(), new Decision.Parked(NOW, RETRY));
    outcomes.write(List.of(new Recorded(cancelled, 1))).block();
    outcomes.write(List.of(new Recorded(late, 2))).block();
    awaitState(cancelled, "cancelled");
  }

  @Test
  void showsThatADeliveryWaitsAgainThatHadFailed() {
    Report failed = report(1, rejected(), TestReports.FAILED);
    Decision wait = new Decision.Parked(NOW.plusSeconds(9), Decision.Why.FULL);
    outcomes.write(List.of(new Recorded(failed, 1))).block();
    outcomes
        .write(List.of(new Recorded(TestReports.decided(failed, wait, NOW.plusSeconds(2)), 2)))
        .block();
    awaitState(failed, "retrying").jsonPath("$.next_attempt_at").exists();
  }

  @Test
  void countsNoAttemptWhereNoneWasMade() {
    Report parked = report(1, null, new Decision.Parked(NOW.plusSeconds(60), Decision.Why.PACED));
    outcomes.write(List.of(new Recorded(parked, 1))).block();
    awaitState(parked, "pending")
        .jsonPath("$.attempt_count")
        .isEqualTo(0)
        .jsonPath("$.next_attempt_at")
        .exists();
  }

  @Test
  void changesNothingWhenADeliveryThatWasPutOffIsWrittenTwice() {
    Decision later = new Decision.Parked(NOW.plusSeconds(60), Decision.Why.FULL);
    Report first = report(1, null, later);
    Report fresh = report(1, null, later);
    Report done = TestReports.after(first, accepted(), DELIVERED, NOW.plusSeconds(61));
    outcomes.write(List.of(new Recorded(first, 10))).block();
    outcomes.write(List.of(new Recorded(first, 10), new Recorded(fresh, 11))).block();
    awaitState(first, "pending").jsonPath("$.attempt_count").isEqualTo(0);
    awaitState(fresh, "pending").jsonPath("$.next_attempt_at").exists();

    outcomes.write(List.of(new Recorded(first, 10), new Recorded(done, 12))).block();
    outcomes.write(List.of(new Recorded(first, 10))).block();
    awaitState(first, "delivered").jsonPath("$.attempt_count").isEqualTo(1);
  }

  @Test
  void passesOverWhatIsNoReport() {
    double before = meters.get("postrider.recorder.skipped").counter().count();
    Report good = report(1, accepted(), DELIVERED);
    byte[] key = good.destination().toString().getBytes(UTF_8);
    kafka.send(new ProducerRecord<>(Topics.OUTCOMES, key, "no report".getBytes(UTF_8))).join();
    kafka.send(new ProducerRecord<>(Topics.OUTCOMES, key, null)).join();
    send(good);
    awaitState(good, "delivered");
    assertThat(meters.get("postrider.recorder.skipped").counter().count()).isEqualTo(before + 2);
  }

  /** It lies there for a worker, and was recorded from where it stood before. */
  @Test
  void passesOverAReportThatWasOnlyMoved() {
    Report before = report(1, rejected(), new Decision.Parked(NOW.plusSeconds(5), RETRY));
    ProducerRecord<byte[], byte[]> moved = TestReports.record(before);
    moved.headers().add(Topics.MOVED_HEADER, new byte[0]);

    kafka.send(moved).join();
    send(TestReports.after(before, accepted(), DELIVERED, NOW.plusSeconds(2)));

    awaitState(before, "delivered").jsonPath("$.attempts.length()").isEqualTo(1);
  }

  @Test
  void catchesUpAfterPostgresWasAway() {
    Report report = report(1, accepted(), DELIVERED);
    POSTGRES_LINK.cut();
    try {
      send(report);
      as(OPERATOR, HttpMethod.GET, DELIVERIES)
          .exchange()
          .expectStatus()
          .isEqualTo(503)
          .expectHeader()
          .exists("Retry-After");
      post("recorded/tenant_admin", DESTINATIONS, destination("lost"))
          .exchange()
          .expectStatus()
          .isEqualTo(503);
    } finally {
      POSTGRES_LINK.mend();
    }
    awaitState(report, "delivered");
  }

  @Test
  void waitsWhileTheSchemaIsAnotherVersions() throws SQLException {
    double skipped = meters.get("postrider.recorder.skipped").counter().count();
    Report report = report(1, accepted(), DELIVERED);
    asOwner("alter table deliveries rename column last_http_status to status");
    try {
      send(report);
      await()
          .untilAsserted(
              () ->
                  assertThat(meters.get("postrider.recorder.lag.seconds").gauge().value())
                      .isPositive());
    } finally {
      asOwner("alter table deliveries rename column status to last_http_status");
    }
    awaitState(report, "delivered");
    assertThat(meters.get("postrider.recorder.skipped").counter().count()).isEqualTo(skipped);
  }

  private static void asOwner(String statement) throws SQLException {
    try (Connection owner = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        Statement sql = owner.createStatement()) {
      sql.execute(statement);
    }
  }

  @Test
  void filtersAndPages() {
    Report one = report(1, rejected(), new Decision.Parked(NOW, RETRY));
    Report two = report(1, accepted(), DELIVERED);
    outcomes.write(List.of(new Recorded(one, 1), new Recorded(two, 2))).block();
    String ofOne = "?destination_id=" + one.destination();
    assertThat(ids(ofOne)).containsExactly(one.delivery().toString());
    assertThat(ids(ofOne + "&state=delivered")).isEmpty();
    assertThat(
            ids(ofOne + "&http_status=503&event_type=incident.triggered&event_id=" + one.event()))
        .hasSize(1);
    assertThat(ids(ofOne + "&since=" + NOW.plusSeconds(3600))).isEmpty();
    assertThat(ids("?limit=1")).hasSize(1);
    as(OPERATOR, HttpMethod.GET, DELIVERIES + "?state=lost&since=yesterday")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors.length()")
        .isEqualTo(2);
  }

  @Test
  void keepsBodiesFromAuditorsAndDeliveriesFromOtherTenants() {
    Report report = report(1, rejected(), new Decision.Parked(NOW, RETRY));
    outcomes.write(List.of(new Recorded(report, 1))).block();
    String uri = DELIVERIES + "/" + report.delivery();
    as("recorded/auditor", HttpMethod.GET, uri)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.attempts[0].http_status")
        .isEqualTo(503)
        .jsonPath("$.attempts[0].response_excerpt")
        .doesNotExist();
    as("globex/operator", HttpMethod.GET, uri).exchange().expectStatus().isNotFound();
  }

  @Test
  void b17ShowsNoAnswersOfReceiversWhenTheTenantsTimeForThemIsOver() {
    Report report = report(1, rejected(), new Decision.Parked(NOW, RETRY));
    outcomes.write(List.of(new Recorded(report, 1))).block();
    String uri = DELIVERIES + "/" + report.delivery();
    created("recorded/tenant_admin", destination("makes the tenant"));
    excerpt(uri).exists();

    readableFor("0");
    try {
      await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> excerpt(uri).doesNotExist());
    } finally {
      readableFor("null");
    }
    await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> excerpt(uri).exists());
  }

  private JsonPathAssertions excerpt(String uri) {
    return as("recorded/tenant_admin", HttpMethod.GET, uri)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.attempts[0].response_excerpt");
  }

  private void readableFor(String seconds) {
    as("-/platform_admin", HttpMethod.PATCH, "/api/v1/tenants/recorded")
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue("{\"payloads_readable_seconds\": " + seconds + "}")
        .exchange()
        .expectStatus()
        .isOk();
  }

  @Test
  void p10AddsHealthUp() {
    String admin = "healthy/tenant_admin";
    created(admin, destination("off").replace("}", ", \"enabled\": false}"));
    TestReports reports =
        new TestReports("healthy", created(admin, destination("on")).get("id").toString());
    List<Report> all =
        List.of(
            reports.first(TestReports.status(200), DELIVERED, NOW),
            reports.first(TestReports.status(200), DELIVERED, NOW),
            reports.first(TestReports.status(500), TestReports.retryAfter(NOW), NOW),
            reports.first(TestReports.status(500), TestReports.FAILED, NOW),
            reports.putOff(NOW));
    outcomes.write(all.stream().map(report -> new Recorded(report, 1)).toList()).block();

    as("healthy/operator", HttpMethod.GET, "/api/v1/integrations/health")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .json(
            """
            {"destinations": {"active": 1, "disabled": 1},
             "deliveries": {"accepted": 5, "delivered": 2, "retrying": 1, "failed": 1,
               "cancelled": 0, "waiting_authorization": 0, "in_flight": 1}}
            """);
  }

  @Test
  void b15CountsADestinationsDeliveriesAndMeasuresItsAttempts() {
    String destination =
        created("recorded/tenant_admin", destination("stats")).get("id").toString();
    TestReports reports = new TestReports("recorded", destination);
    Report delivered = reports.first(TestReports.status(200), DELIVERED, NOW);
    Report retrying = reports.first(TestReports.status(500), TestReports.retryAfter(NOW), NOW);
    outcomes.write(List.of(new Recorded(delivered, 1), new Recorded(retrying, 2))).block();

    as(OPERATOR, HttpMethod.GET, DESTINATIONS + "/" + destination + "/stats?window_seconds=3600")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .json(
            """
            {"deliveries": 2, "states": {"delivered": 1, "retrying": 1}, "attempts": 2,
             "success_rate": 0.5, "latency_ms": {"p50": 10, "p90": 10, "p99": 10},
             "sampled": false}
            """);
  }

  private static final Decision.Why RETRY = Decision.Why.RETRY;

  private BodyContentSpec awaitState(Report report, String state) {
    String uri = DELIVERIES + "/" + report.delivery();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                as(OPERATOR, HttpMethod.GET, uri)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .jsonPath("$.state")
                    .isEqualTo(state));
    return as(OPERATOR, HttpMethod.GET, uri).exchange().expectBody();
  }

  private List<Object> ids(String query) {
    Map<?, ?> page =
        as(OPERATOR, HttpMethod.GET, DELIVERIES + query)
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(Map.class)
            .returnResult()
            .getResponseBody();
    return ((List<?>) page.get("items"))
        .stream().<Object>map(item -> ((Map<?, ?>) item).get("id")).toList();
  }

  private void send(Report report) {
    kafka.send(TestReports.record(report)).join();
  }

  private static Report report(int number, Attempt attempt, Decision decision) {
    return new Report(
        new DeliveryId(TimeOrderedUuid.random(NOW, RANDOM)),
        new DestinationId(TimeOrderedUuid.random(NOW, RANDOM)),
        new TenantId("recorded"),
        new EventId(NOW, 1, RANDOM.nextLong(1 << 20)),
        "ce-1",
        new EventType("incident.triggered"),
        number,
        null,
        attempt,
        decision,
        NOW,
        null,
        Run.ORIGINAL,
        null);
  }

  private static Attempt rejected() {
    return attempt(new Outcome.Rejected(503, null), "no\0");
  }

  private static Attempt accepted() {
    return attempt(new Outcome.Accepted(200), "ok");
  }

  private static Attempt attempt(Outcome outcome, String excerpt) {
    HeaderLines headers = HeaderLines.of(new HttpHeader("content-type", "text/plain\0"));
    return new Attempt(NOW, Duration.ofMillis(12), outcome, headers, headers, excerpt);
  }
}
