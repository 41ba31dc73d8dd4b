// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.api.ApiIT;
import dev.postrider.api.limit.Rates;
import dev.postrider.api.tenant.PostgresPresence;
import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.test.TestPostgres;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** Keys for machines: issue 6, point 2; HARDENING.md section 3, "API keys". */
class ApiKeysIT extends ApiIT {

  private static final String KEYS = "/api/v1/api-keys";
  private static final String ADMIN = "keyring/tenant_admin";

  @Autowired private SystemTransactions transactions;
  @Autowired private PostgresPresence postgres;
  @Autowired private KeyUses uses;
  @Autowired private Rates rates;

  @Test
  void showsAKeyOnceAndStoresOnlyItsHash() throws SQLException {
    Map<String, Object> key = key("{\"name\": \"billing\", \"roles\": [\"publisher\"]}");
    String text = text(key);
    assertThat(key)
        .containsEntry("name", "billing")
        .containsEntry("roles", List.of("publisher"))
        .containsEntry("last4", text.substring(text.length() - 4))
        .containsEntry("created_by", "tenant_admin@keyring")
        .containsEntry("last_used_at", null);
    for (String path : List.of(KEYS, KEYS + "/" + key.get("id"))) {
      String later = body(as(ADMIN, HttpMethod.GET, path).exchange());
      assertThat(later).contains(key.get("id").toString()).doesNotContain(text);
    }
    assertThat(stored("select row_to_json(k)::text from api_keys k")).doesNotContain(text);
    assertThat(stored("select row_to_json(a)::text from audit_entries a")).doesNotContain(text);
  }

  @Test
  void doesWhatItsRolesMayAndNoMore() {
    String publisher = text(key("{\"name\": \"p\", \"roles\": [\"publisher\"]}"));
    String auditor = text(key("{\"name\": \"a\", \"roles\": [\"auditor\"]}"));
    publish(publisher).expectStatus().isAccepted();
    read(publisher).expectStatus().isForbidden();
    read(auditor).expectStatus().isOk();
    publish(auditor).expectStatus().isForbidden();
  }

  @Test
  void staysInItsTenant() {
    String key = text(key("{\"name\": \"p\", \"roles\": [\"tenant_admin\"]}"));
    Object foreign = created("acme/tenant_admin", destination("acme's")).get("id");
    with(key, HttpMethod.GET, DESTINATIONS + "/" + foreign).expectStatus().isNotFound();
  }

  @Test
  void isNamedInTheAuditTrail() throws SQLException {
    Map<String, Object> key = key("{\"name\": \"robot\", \"roles\": [\"tenant_admin\"]}");
    http.post()
        .uri(DESTINATIONS)
        .headers(headers -> headers.setBearerAuth(text(key)))
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(destination("made by a key"))
        .exchange()
        .expectStatus()
        .isCreated();
    assertThat(
            stored(
                "select actor_type || ' ' || actor_id || ' ' || action from audit_entries"
                    + " where tenant = 'keyring'"))
        .contains("user tenant_admin@keyring api_key.created")
        .contains("api_key " + key.get("id") + " destination.created");
  }

  @Test
  void isRefusedWithinFiveSecondsOfItsRevocation() {
    Map<String, Object> key = key("{\"name\": \"lost\", \"roles\": [\"auditor\"]}");
    read(text(key)).expectStatus().isOk();
    String path = KEYS + "/" + key.get("id");
    as(ADMIN, HttpMethod.DELETE, path).exchange().expectStatus().isNoContent();
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> read(text(key)).expectStatus().isUnauthorized());
    as(ADMIN, HttpMethod.GET, path).exchange().expectStatus().isNotFound();
    as(ADMIN, HttpMethod.DELETE, path).exchange().expectStatus().isNotFound();
  }

  /** As another process, which only PostgreSQL tells of it. */
  @Test
  void isRefusedWithinFiveSecondsByAnotherProcessThatHasJustSeenIt() {
    Map<String, Object> key = key("{\"name\": \"lost\", \"roles\": [\"auditor\"]}");
    HeldKeys another = new HeldKeys(transactions, postgres, uses, rates, Clock.systemUTC());
    assertThat(another.holder(text(key), "10.0.0.1").blockOptional()).isPresent();
    as(ADMIN, HttpMethod.DELETE, KEYS + "/" + key.get("id"))
        .exchange()
        .expectStatus()
        .isNoContent();
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> another.holder(text(key), "10.0.0.1").blockOptional().isEmpty());
  }

  @Test
  void endsWhenItExpires() {
    String soon = Instant.now().plusSeconds(3).toString();
    String key =
        text(
            key(
                "{\"name\": \"brief\", \"roles\": [\"auditor\"], \"expires_at\": \"%s\"}"
                    .formatted(soon)));
    read(key).expectStatus().isOk();
    await().untilAsserted(() -> read(key).expectStatus().isUnauthorized());
  }

  @Test
  void endsNoLaterThanTheKeyThatMadeIt() {
    String end = "2100-01-01T00:00:00Z";
    String wish = "{\"name\": \"n\", \"roles\": [\"tenant_admin\"], \"expires_at\": \"%s\"}";
    String maker = text(key(wish.formatted(end)));

    madeWith(maker, wish.formatted("2100-01-01T00:00:01Z"))
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("expires_at");
    madeWith(maker, "{\"name\": \"n\", \"roles\": [\"auditor\"]}")
        .expectStatus()
        .isCreated()
        .expectBody()
        .jsonPath("$.expires_at")
        .isEqualTo(end);
  }

  @Test
  void showsWhenItWasUsedLast() {
    Map<String, Object> key = key("{\"name\": \"used\", \"roles\": [\"auditor\"]}");
    Instant before = Instant.now().minusSeconds(1);
    read(text(key)).expectStatus().isOk();
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () ->
                as(ADMIN, HttpMethod.GET, KEYS + "/" + key.get("id"))
                    .exchange()
                    .expectBody()
                    .jsonPath("$.last_used_at")
                    .value(
                        (String at) ->
                            assertThat(at)
                                .isNotNull()
                                .satisfies(
                                    text ->
                                        assertThat(Instant.parse(text))
                                            .isBetween(before, Instant.now()))));
  }

  @Test
  void goesOnWhilePostgresIsAway() {
    String key = text(key("{\"name\": \"steady\", \"roles\": [\"publisher\"]}"));
    publish(key).expectStatus().isAccepted();
    POSTGRES_LINK.cut();
    try {
      publish(key).expectStatus().isAccepted();
    } finally {
      POSTGRES_LINK.mend();
    }
  }

  @Test
  void refusesAKeyThatWasNeverMade() {
    String guessed = KeyText.create(new UUID(7, 7), new Random(7)).text().revealText();
    read(guessed)
        .expectStatus()
        .isUnauthorized()
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    read("prk_nonsense").expectStatus().isUnauthorized();
  }

  @Test
  void keepsWhoGuessesFromAskingPostgresTooOften() {
    Random random = new Random(8);
    boolean slowed = false;
    for (int round = 0; round < 60 && !slowed; round++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      String guessed = KeyText.create(id, random).text().revealText();
      slowed = read(guessed).returnResult(Void.class).getStatus().value() == 429;
    }
    assertThat(slowed).isTrue();
    String known = text(key("{\"name\": \"known\", \"roles\": [\"auditor\"]}"));
    await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> read(known).expectStatus().isOk());
  }

  @Test
  void namesAllThatIsWrongWithAWish() {
    refusedFor(
        post(
            ADMIN,
            KEYS,
            "{\"name\": 1, \"roles\": [\"platform_admin\"], \"expires_at\": \"2020-01-01T00:00:00Z\","
                + " \"hash\": \"x\"}"),
        "name",
        "roles",
        "expires_at",
        "hash");
    post(ADMIN, KEYS, "{\"name\": \"none\"}").exchange().expectStatus().isBadRequest();
    String never = "{\"name\": \"n\", \"roles\": [\"auditor\"], \"expires_at\": \"%s\"}";
    post(ADMIN, KEYS, never.formatted("+999999999-12-31T23:59:59Z"))
        .exchange()
        .expectStatus()
        .isBadRequest();
  }

  @Test
  void listsThemPageByPage() {
    for (int index = 0; index < 3; index++) {
      post("pages/tenant_admin", KEYS, "{\"name\": \"k\", \"roles\": [\"auditor\"]}")
          .exchange()
          .expectStatus()
          .isCreated();
    }
    Map<?, ?> first = page("?limit=2");
    assertThat((List<?>) first.get("items")).hasSize(2);
    Map<?, ?> second = page("?limit=2&cursor=" + first.get("next_cursor"));
    assertThat((List<?>) second.get("items")).hasSize(1);
    assertThat(second.get("next_cursor")).isNull();
  }

  private Map<?, ?> page(String query) {
    return as("pages/tenant_admin", HttpMethod.GET, KEYS + query)
        .exchange()
        .expectBody(Map.class)
        .returnResult()
        .getResponseBody();
  }

  private ResponseSpec read(String key) {
    return with(key, HttpMethod.GET, DESTINATIONS);
  }

  private ResponseSpec with(String key, HttpMethod method, String path) {
    return http.method(method).uri(path).headers(headers -> headers.setBearerAuth(key)).exchange();
  }

  private ResponseSpec madeWith(String key, String json) {
    return http.post()
        .uri(KEYS)
        .headers(headers -> headers.setBearerAuth(key))
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(json)
        .exchange();
  }

  private ResponseSpec publish(String key) {
    return http.post()
        .uri(EVENTS)
        .headers(headers -> headers.setBearerAuth(key))
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue("{\"type\": \"a.b\"}")
        .exchange();
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> key(String json) {
    return post(ADMIN, KEYS, json)
        .exchange()
        .expectStatus()
        .isCreated()
        .expectHeader()
        .valueEquals("Cache-Control", "no-store")
        .expectBody(Map.class)
        .returnResult()
        .getResponseBody();
  }

  private static String text(Map<String, Object> key) {
    return key.get("key").toString();
  }

  private static String body(ResponseSpec response) {
    return response.expectStatus().isOk().expectBody(String.class).returnResult().getResponseBody();
  }

  private static String stored(String sql) throws SQLException {
    StringBuilder rows = new StringBuilder();
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.append(result.getString(1)).append('\n');
      }
    }
    return rows.toString();
  }
}
