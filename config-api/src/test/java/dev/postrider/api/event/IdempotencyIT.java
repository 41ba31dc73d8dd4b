// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.api.ApiIT;
import dev.postrider.api.CuttableKafka;
import dev.postrider.model.wire.EventCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestPostgres;
import dev.postrider.test.TopicContent;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** Requests that are repeated under the same {@code Idempotency-Key}. */
class IdempotencyIT extends ApiIT {

  private static final String EVENT = "{\"type\":\"a.b\",\"data\":{\"n\":1}}";
  private static final String WITHOUT_TIME =
      "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/s\",\"type\":\"a.b\"}";

  private final String key = UUID.randomUUID().toString();

  @Autowired private IdempotencyKeys keys;

  private ResponseSpec publish(String tenant, String type, String body) {
    return as(tenant + "/publisher", HttpMethod.POST, EVENTS)
        .header("Idempotency-Key", key)
        .contentType(MediaType.parseMediaType(type))
        .bodyValue(body)
        .exchange();
  }

  private String answer(String type, String body) {
    return publish("acme", type, body)
        .expectStatus()
        .isAccepted()
        .expectBody(String.class)
        .returnResult()
        .getResponseBody();
  }

  private static long inKafka(String ceId) {
    return TopicContent.of(Topics.EVENTS).stream()
        .map(EventCodec::decode)
        .filter(
            found ->
                found instanceof EventCodec.Decoded.Event(var event) && event.ceId().equals(ceId))
        .count();
  }

  @Test
  void k25AnswersTheSameRequestWithTheSameEvent() {
    String first = answer("application/json", EVENT);

    assertThat(answer("application/json", EVENT)).isEqualTo(first);
    assertThat(inKafka(first.replaceAll(".*ce_id\":\"([^\"]*).*", "$1"))).isOne();
  }

  @Test
  void k25AnswersRequestsThatComeAtOnceAlike() {
    List<String> answers =
        IntStream.range(0, 8).parallel().mapToObj(_ -> answer("application/json", EVENT)).toList();

    assertThat(answers).hasSize(8).containsOnly(answers.getFirst());
    assertThat(identitiesOf(answers.getFirst().replaceAll(".*ce_id\":\"([^\"]*).*", "$1"))).isOne();
  }

  /** Those that were written twice are one event to whoever reads them. */
  private static long identitiesOf(String ceId) {
    return TopicContent.of(Topics.EVENTS).stream()
        .map(EventCodec::decode)
        .filter(EventCodec.Decoded.Event.class::isInstance)
        .map(found -> ((EventCodec.Decoded.Event) found).event())
        .filter(event -> event.ceId().equals(ceId))
        .map(event -> event.attributes().get("source") + event.attributes().get("time"))
        .distinct()
        .count();
  }

  @Test
  void k25GivesAnEventWithoutATimeThatOfTheFirstRequest() {
    String id = UUID.randomUUID().toString();
    CuttableKafka.cut();
    try {
      publish("acme", "application/cloudevents+json", WITHOUT_TIME.formatted(id))
          .expectStatus()
          .isEqualTo(503);
    } finally {
      CuttableKafka.mend();
    }
    String first = answer("application/cloudevents+json", WITHOUT_TIME.formatted(id));

    assertThat(answer("application/cloudevents+json", WITHOUT_TIME.formatted(id))).isEqualTo(first);
    assertThat(identitiesOf(id)).isOne();
  }

  @Test
  void k25RefusesTheKeyForAnotherRequest() {
    answer("application/json", EVENT);

    publish("acme", "application/json", "{\"type\":\"a.c\"}").expectStatus().isEqualTo(422);
    publish("acme", "application/cloudevents+json", EVENT).expectStatus().isBadRequest();
  }

  @Test
  void k25KeepsTheKeysOfTenantsApart() {
    String first = answer("application/json", EVENT);

    publish("globex", "application/json", EVENT)
        .expectStatus()
        .isAccepted()
        .expectBody(String.class)
        .value(other -> assertThat(other).isNotEqualTo(first));
  }

  @Test
  void k25ForgetsAKeyAfterADay() throws SQLException {
    String first = answer("application/json", EVENT);
    execute("update idempotency_keys set created_at = now() - interval '25 hours'");

    assertThat(answer("application/json", "{\"type\":\"a.c\"}")).isNotEqualTo(first);
  }

  @Test
  void k25DropsOldKeys() throws SQLException {
    answer("application/json", EVENT);
    execute("update idempotency_keys set created_at = now() - interval '25 hours'");
    keys.forget();

    await().until(() -> count() == 0);
  }

  @Test
  void needsPostgresOnlyForRequestsWithAKey() {
    POSTGRES_LINK.cut();
    try {
      publish("acme", "application/json", EVENT).expectStatus().isEqualTo(503);
      post("acme/publisher", EVENTS, EVENT).exchange().expectStatus().isAccepted();
    } finally {
      POSTGRES_LINK.mend();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "ä"})
  void refusesKeysThatAreNone(String odd) {
    as("acme/publisher", HttpMethod.POST, EVENTS)
        .header("Idempotency-Key", odd)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(EVENT)
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("Idempotency-Key");
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long count() throws SQLException {
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from idempotency_keys")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
