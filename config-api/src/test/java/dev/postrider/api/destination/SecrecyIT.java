// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestPostgres;
import dev.postrider.test.TopicContent;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpMethod;

@ExtendWith(OutputCaptureExtension.class)
class SecrecyIT extends ApiIT {

  private static final String ADMIN = "acme/tenant_admin";

  @Test
  void p3ShowsTheSigningKeyOnceAndKeepsItInClearNowhere(CapturedOutput log) throws SQLException {
    Map<String, Object> created = created(ADMIN, destination("secret"));
    String secret = ((Map<?, ?>) created.get("signing")).get("secret").toString();
    assertThat(secret).startsWith("whsec_");

    String later =
        as(ADMIN, HttpMethod.GET, DESTINATIONS + "/" + created.get("id"))
            .exchange()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();
    assertThat(later)
        .contains("\"secret_set\":true", secret.substring(secret.length() - 4))
        .doesNotContain(secret);
    assertThat(everythingInPostgres()).noneMatch(row -> row.contains(secret));
    assertThat(TopicContent.of(Topics.DESTINATIONS))
        .filteredOn(record -> record.value() != null)
        .extracting(record -> new String(record.value(), UTF_8))
        .noneMatch(snapshot -> snapshot.contains(secret));
    assertThat(log.getAll()).doesNotContain(secret);
  }

  @Test
  void z15KeepsThePasswordInClearNowhere(CapturedOutput log) throws SQLException {
    String password = "canary-3f9c2a71";
    Map<String, Object> created =
        created(
            ADMIN,
            """
            {"name": "z15", "endpoint_url": "http://127.0.0.1:8085/hook",
             "auth": {"type": "basic", "username": "u", "password": "%s"}}
            """
                .formatted(password));

    assertThat(created.toString()).doesNotContain(password);
    assertThat(everythingInPostgres()).noneMatch(row -> row.contains(password));
    assertThat(TopicContent.of(Topics.DESTINATIONS))
        .filteredOn(record -> record.value() != null)
        .extracting(record -> new String(record.value(), UTF_8))
        .noneMatch(snapshot -> snapshot.contains(password));
    assertThat(log.getAll()).doesNotContain(password);
  }

  private static List<String> everythingInPostgres() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = connection.createStatement()) {
      for (String table : List.of("destinations", "audit_entries", "outbox", "tenants")) {
        ResultSet result = statement.executeQuery("select t::text from " + table + " t");
        while (result.next()) {
          rows.add(result.getString(1));
        }
      }
    }
    return rows;
  }
}
