// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static dev.postrider.api.delivery.TestReports.CANCELLED;
import static dev.postrider.api.delivery.TestReports.DELIVERED;
import static dev.postrider.api.delivery.TestReports.FAILED;
import static dev.postrider.api.delivery.TestReports.retryAfter;
import static dev.postrider.api.delivery.TestReports.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.test.TestPostgres;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;

class ActivityIT extends DestinationReportsIT {

  private static final String ACTIVITY = "/api/v1/activity";
  private static final Instant NOW = Instant.parse("2026-11-28T20:00:00Z");

  @Test
  void s17SaysWhatDidNotGoWellAndWhy() {
    String destination = createdDestination();
    TestReports of = new TestReports(TENANT, destination);
    Report once = of.first(status(500), retryAfter(NOW), NOW);
    report(
        once,
        TestReports.next(once, status(500), FAILED, NOW.plusSeconds(60)),
        of.first(refused(Outcome.Why.PRIVATE_ADDRESS), FAILED, NOW),
        of.first(new Outcome.Unreachable(Outcome.Cause.CONNECT_TIMEOUT), retryAfter(NOW), NOW),
        of.first(status(404), CANCELLED, NOW),
        of.first(status(200), DELIVERED, NOW));

    List<Map<?, ?>> activity = activity("?destination_id=" + destination);

    assertThat(activity)
        .extracting(row -> row.get("status").toString())
        .containsExactlyInAnyOrder(
            "Failed after 2 attempts: status 500",
            "Refused: private_address",
            "Retrying after 1 attempt: connect_timeout",
            "Cancelled: status 404");
    assertThat(activity)
        .filteredOn(row -> row.get("status").toString().startsWith("Failed"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.get("resource"))
                  .isEqualTo(Map.of("type", "delivery", "id", once.delivery().toString()));
              assertThat(row.get("http_status")).isEqualTo(500);
              assertThat(row.get("at")).isEqualTo("2026-11-28T20:01:00Z");
            });
    assertThat(activity("?state=failed&destination_id=" + destination)).hasSize(2);
  }

  @Test
  void s17IsReadPageByPageByThoseWhoMayReadDeliveries() {
    TestReports of = new TestReports(TENANT, createdDestination());
    report(of.first(status(500), FAILED, NOW), of.first(status(500), FAILED, NOW));
    String query = ACTIVITY + "?limit=1&event_type=incident.triggered";

    Object cursor = get(query).get("next_cursor");

    assertThat((List<?>) get(query + "&cursor=" + cursor).get("items")).hasSize(1);
    as(TENANT + "/operator", HttpMethod.GET, query).exchange().expectStatus().isOk();
    as(TENANT + "/auditor", HttpMethod.GET, query).exchange().expectStatus().isOk();
    as(TENANT + "/publisher", HttpMethod.GET, query).exchange().expectStatus().isForbidden();
    as(ADMIN, HttpMethod.GET, ACTIVITY + "?format=csv").exchange().expectStatus().isBadRequest();
  }

  @Test
  void s17IsFoundByAnIndex() throws Exception {
    try (var owner = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = owner.createStatement()) {
      owner.setAutoCommit(false); // and never committed
      statement.execute("set local enable_seqscan = off");
      var plan =
          statement.executeQuery(
              "explain (format json) select * from deliveries where tenant = 'any'"
                  + Deliveries.TROUBLED
                  + " order by created_at desc, id desc limit 51");
      plan.next();
      assertThat(plan.getString(1)).contains("Index Scan").doesNotContain("Seq Scan", "\"Sort\"");
    }
  }

  private static Outcome refused(Outcome.Why why) {
    return new Outcome.Refused(why);
  }

  @SuppressWarnings("unchecked")
  private List<Map<?, ?>> activity(String query) {
    return (List<Map<?, ?>>) get(ACTIVITY + query).get("items");
  }
}
