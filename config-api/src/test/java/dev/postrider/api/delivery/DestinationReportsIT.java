// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.api.ApiIT;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.wire.EventCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestPostgres;
import dev.postrider.test.TopicContent;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.kafka.core.KafkaTemplate;

/** Reports by way of Kafka, and what they do to a destination. */
abstract class DestinationReportsIT extends ApiIT {

  static final String TENANT = "reported";
  static final String ADMIN = TENANT + "/tenant_admin";

  @Autowired private KafkaTemplate<byte[], byte[]> kafka;

  String createdDestination() {
    return created(ADMIN, destination("receiver")).get("id").toString();
  }

  /** In this order; done when all that follows from them is. */
  void report(Report... reports) {
    for (Report report : reports) {
      kafka.send(TestReports.record(report)).join();
    }
    awaitRead(reports[reports.length - 1]);
    awaitRead(reports[reports.length - 1]); // a batch is read after all that follows from the last
  }

  /** Done when a later report of the same partition has its row. */
  private void awaitRead(Report before) {
    Report marker = new TestReports(TENANT, before.destination()).putOff(before.at());
    kafka.send(TestReports.record(marker)).join();
    await().atMost(Duration.ofSeconds(20)).until(() -> isThere(marker));
  }

  private boolean isThere(Report report) {
    return http.get()
        .uri(DELIVERIES + "/" + report.delivery())
        .headers(bearer(ADMIN))
        .exchange()
        .returnResult(Void.class)
        .getStatus()
        .is2xxSuccessful();
  }

  Map<?, ?> get(String uri) {
    return as(ADMIN, HttpMethod.GET, uri)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody(Map.class)
        .returnResult()
        .getResponseBody();
  }

  Object statusOf(String destination) {
    return get(DESTINATIONS + "/" + destination).get("status");
  }

  Map<?, ?> delivery(Report report) {
    return get(DELIVERIES + "/" + report.delivery());
  }

  Map<?, ?> enable(String destination) {
    return as(ADMIN, HttpMethod.POST, DESTINATIONS + "/" + destination + "/enable")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody(Map.class)
        .returnResult()
        .getResponseBody();
  }

  /** Operational events about one thing, oldest first. */
  static List<PlatformEvent> told(String type, Object subject) {
    return TopicContent.of(Topics.EVENTS).stream()
        .map(EventCodec::decode)
        .filter(EventCodec.Decoded.Event.class::isInstance)
        .map(decoded -> ((EventCodec.Decoded.Event) decoded).event())
        .filter(event -> event.type().value().equals(type))
        .filter(event -> subject.toString().equals(event.attribute("subject")))
        .toList();
  }

  static List<String> query(String sql) {
    List<String> rows = new ArrayList<>();
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
      return rows;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  static String uuid(String destination) {
    return "'" + destination.substring("dst_".length()) + "'";
  }

  static void assertOneAuditEntryBySystem(String destination, String cause) {
    assertThat(
            query(
                """
                select concat_ws(' ', actor_type, actor_id, action, request_id) from audit_entries
                where resource_id = '%s' and actor_type = 'system'
                """
                    .formatted(destination)))
        .containsExactly("system postrider destination.disabled " + cause);
  }
}
