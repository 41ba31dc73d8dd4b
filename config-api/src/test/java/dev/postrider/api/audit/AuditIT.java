// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import dev.postrider.api.listing.Condition;
import dev.postrider.test.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

class AuditIT extends ApiIT {

  private static final String AUDIT = "/api/v1/audit";

  @Test
  void p14RecordsEachChangeOfADestination() {
    String admin = "recorded-14/tenant_admin";
    Object id = created(admin, destination("first")).get("id");
    String uri = DESTINATIONS + "/" + id;
    change(admin, HttpMethod.PATCH, uri, "{\"name\": \"second\"}");
    change(admin, HttpMethod.PUT, uri, destination("third"));
    change(admin, HttpMethod.POST, uri + "/secret/rotate", "{}");
    change(admin, HttpMethod.POST, uri + "/disable", "");
    change(admin, HttpMethod.POST, uri + "/enable", "");
    change(admin, HttpMethod.DELETE, uri, "");

    List<Map<String, Object>> entries = entries("recorded-14/auditor", "?resource_id=" + id);

    assertThat(entries)
        .extracting(entry -> entry.get("action"))
        .containsExactly(
            "destination.deleted",
            "destination.enabled",
            "destination.disabled",
            "destination.secret_rotated",
            "destination.updated",
            "destination.updated",
            "destination.created");
    assertThat(entries)
        .allSatisfy(
            entry ->
                assertThat(entry)
                    .containsEntry(
                        "actor", Map.of("type", "user", "id", "tenant_admin@recorded-14"))
                    .containsEntry("resource", Map.of("type", "destination", "id", id))
                    .hasEntrySatisfying("id", one -> assertThat(one).asString().startsWith("aud_"))
                    .hasEntrySatisfying(
                        "request_id", one -> assertThat(one).asString().isNotEmpty())
                    .hasEntrySatisfying(
                        "hash", one -> assertThat(one).asString().matches("[0-9a-f]{64}")));
    assertThat(entries)
        .extracting(entry -> entry.get("sequence"))
        .containsExactly(7, 6, 5, 4, 3, 2, 1);
    assertThat(entries.get(5).get("changes"))
        .isEqualTo(List.of(Map.of("field", "name", "before", "first", "after", "second")));
  }

  @Test
  void p14NamesTheRequestAsItsAnswerDid() {
    String told =
        post("asked-14/tenant_admin", DESTINATIONS, destination("asked for"))
            .exchange()
            .returnResult(Void.class)
            .getResponseHeaders()
            .getFirst("X-Request-Id");

    assertThat(entries("asked-14/auditor", ""))
        .singleElement()
        .satisfies(entry -> assertThat(entry).containsEntry("request_id", told));
  }

  @Test
  void p14ListsPageByPageWhatIsAskedFor() {
    String admin = "paged-14/tenant_admin";
    List.of("one", "two", "three").forEach(name -> created(admin, destination(name)));

    Map<String, Object> page = page(admin, "?limit=2&action=destination.created");
    Map<String, Object> rest =
        page(admin, "?limit=2&action=destination.created&cursor=" + page.get("next_cursor"));

    assertThat(sequences(page)).containsExactly(3, 2);
    assertThat(sequences(rest)).containsExactly(1);
    assertThat(rest).containsEntry("next_cursor", null);
    assertThat(entries(admin, "?actor=tenant_admin@paged-14")).hasSize(3);
    assertThat(entries(admin, "?actor=somebody")).isEmpty();
    assertThat(entries(admin, "?until=2020-01-01T00:00:00Z")).isEmpty();
    assertThat(entries(admin, "?since=2020-01-01T00:00:00Z")).hasSize(3);
    assertThat(entries("other-14/auditor", "")).isEmpty();
  }

  @Test
  void s16ListsTheChangesOfOneKindOfResource() {
    String admin = "kinds-16/tenant_admin";
    created(admin, destination("a destination"));

    assertThat(entries(admin, "?resource=destination")).hasSize(1);
    assertThat(entries(admin, "?resource=check")).isEmpty();
  }

  @Test
  void p14IsForAdminsAndAuditors() {
    for (String role : List.of("operator", "publisher", "platform_admin")) {
      as("acme/" + role, HttpMethod.GET, AUDIT).exchange().expectStatus().isForbidden();
    }
  }

  @Test
  void p14RefusesWhatItDoesNotUnderstand() {
    refusedFor(
        as(
            "acme/auditor",
            HttpMethod.GET,
            AUDIT + "?resorce=check&since=yesterday&limit=0&cursor=x"),
        "resorce",
        "since",
        "limit",
        "cursor");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "resource=destination",
        "resource_id=dst_7",
        "actor=u-7",
        "action=destination.created",
        "since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z"
      })
  void p14FindsByAnIndexWhateverIsAskedFor(String query) throws SQLException {
    try (Connection owner = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        Statement statement = owner.createStatement()) {
      owner.setAutoCommit(false); // and never committed
      statement.execute(
          """
          insert into tenants (id) values ('haystack-14') on conflict do nothing;
          insert into audit_entries (tenant, sequence, id, at, actor_type, actor_id, action,
            resource_type, resource_id, changes, request_id, hash)
          select 'haystack-14', n, uuidv7(), now() - n * interval '1 minute', 'user', 'u-' || n % 99,
            case when n % 999 = 0 then 'destination.created' else 'destination.updated' end,
            case when n % 999 = 0 then 'destination' else 'replay' end, 'dst_' || n % 99, '[]', 'r', ''
          from generate_series(1, 20000) n;
          analyze audit_entries""");
      ResultSet lines = statement.executeQuery(explained(query));
      lines.next();
      assertThat(lines.getString(1)).contains("Index Scan").doesNotContain("Seq Scan");
      owner.rollback();
    }
  }

  private static String explained(String query) {
    var parameters =
        new LinkedMultiValueMap<>(
            UriComponentsBuilder.fromUriString("/?" + query).build().getQueryParams());
    StringBuilder sql = new StringBuilder("explain (format json) ");
    sql.append(AuditEntry.COLUMNS).append(" where tenant = 'haystack-14'");
    for (Condition condition : AuditApi.conditions(new Condition.Reading(parameters))) {
      String literal = "'" + condition.value() + "'";
      sql.append(" and ").append(condition.sql().replace(":" + condition.parameter(), literal));
    }
    return sql.append(" order by at desc, id desc limit 51").toString();
  }

  private void change(String user, HttpMethod method, String uri, String body) {
    as(user, method, uri)
        .header("Content-Type", "application/json")
        .bodyValue(body)
        .exchange()
        .expectStatus()
        .is2xxSuccessful();
  }

  private List<Object> sequences(Map<String, Object> page) {
    return items(page).stream().map(entry -> entry.get("sequence")).toList();
  }

  private List<Map<String, Object>> entries(String user, String query) {
    return items(page(user, query));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> items(Map<String, Object> page) {
    return (List<Map<String, Object>>) page.get("items");
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> page(String user, String query) {
    return as(user, HttpMethod.GET, AUDIT + query)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody(Map.class)
        .returnResult()
        .getResponseBody();
  }
}
