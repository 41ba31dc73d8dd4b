// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Report;
import dev.postrider.test.TestPostgres;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WaitingForATokenIT extends DestinationReportsIT {

  /** Nobody is there to give one. */
  private static final String GRANTED =
      """
      {"name": "granted", "endpoint_url": "http://127.0.0.1:8085/hook",
       "auth": {"type": "oauth2", "grant_type": "client_credentials", "client_id": "us",
         "client_secret": "s3cret", "token_url": "http://127.0.0.1:8085/token"}}
      """;

  @Test
  void asksForAnotherTokenWhenDeliveriesWaitAlthoughThereIsOne() throws SQLException {
    String id = granted("5 minutes");

    Report waiting = waiting(id);

    await().atMost(Duration.ofSeconds(10)).until(() -> number(id, "failures") > 0);
    assertThat(get(DELIVERIES + "/" + waiting.delivery()).get("state"))
        .isEqualTo("waiting_authorization");
    sql("update oauth_grants set refresh_at = null where destination_id = " + uuid(id));
  }

  @Test
  void asksForNoneWhereTheWorkerMayJustNotHaveIt() throws SQLException {
    String id = granted("10 seconds");

    waiting(id);

    assertThat(number(id, "(refresh_at > now() + interval '30 minutes')::int")).isOne();
    assertThat(number(id, "failures")).isZero();
  }

  private Report waiting(String id) {
    Instant now = Instant.now();
    Report any = new TestReports(TENANT, id).putOff(now);
    var parked = new Decision.Parked(now.plusSeconds(60), Decision.Why.AUTHORIZATION);
    Report waiting = TestReports.insteadOf(any, null, parked);
    report(waiting);
    return waiting;
  }

  /** Authorised so long ago, and for another hour. */
  private String granted(String ago) throws SQLException {
    String id = created(ADMIN, GRANTED).get("id").toString();
    await().atMost(Duration.ofSeconds(10)).until(() -> number(id, "failures") > 0);
    sql(
        """
        update oauth_grants set status = 'authorized', failures = 0, access_token = 'AAAA',
          granted_at = now() - interval '%s', refresh_at = now() + interval '1 hour'
        where destination_id = %s
        """
            .formatted(ago, uuid(id)));
    return id;
  }

  private static long number(String id, String expression) throws SQLException {
    String query = "select %s from oauth_grants where destination_id = %s";
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = connection.createStatement();
        var result = statement.executeQuery(query.formatted(expression, uuid(id)))) {
      result.next();
      return result.getLong(1);
    }
  }

  private static void sql(String statement) throws SQLException {
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var run = connection.createStatement()) {
      run.execute(statement);
    }
  }
}
