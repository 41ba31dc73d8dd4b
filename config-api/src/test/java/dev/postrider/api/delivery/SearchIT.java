// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import dev.postrider.api.listing.Condition;
import dev.postrider.test.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/** Finding deliveries among many: 100,000 here, ten million where {@code -Dsearch.rows} says so. */
class SearchIT extends ApiIT {

  private static final int ROWS = Integer.getInteger("search.rows", 100_000);
  private static final String OPERATOR = "haystack/operator";

  /** Newest first; one in a thousand went wrong, and few are of the rare type. */
  private static final String FILL =
      """
      insert into deliveries (created_at, id, tenant, destination_id, event_id, ce_id, event_type,
        state, attempt_count, next_attempt_at, last_http_status, last_reason, updated_at,
        outcome_offset)
      select uuid_extract_timestamp(id), id, 'haystack',
        ('00000000-0000-7000-8000-' || lpad((n %% 50)::text, 12, '0'))::uuid, gen_random_uuid(),
        case when n %% 1000 = 7 then '=1+1' else 'event-' || n end,
        case when n %% 20000 = 11 then 'rare.thing' else 'common.thing' end,
        case when n %% 1000 = 7 then 'failed' else 'delivered' end, 1, null,
        case when n %% 1000 = 7 then 503 else 200 end, 'http', now(), n
      from (
        select n, uuidv7(- n * interval '1 second' * 86400 * 2 / %1$d) as id
        from generate_series(1, %1$d) n) made
      """
          .formatted(ROWS);

  private static boolean filled;

  /** Once; the schema is there when the service is. */
  @BeforeEach
  void fill() throws SQLException {
    if (!filled) {
      execute(FILL);
      execute("analyze deliveries");
      filled = true;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "state=failed, 50",
    "state=delivered, 50",
    "http_status=503, 50",
    "event_type=rare.thing, 5",
    "destination_id=dst_00000000-0000-7000-8000-000000000007, 50",
    "state=failed&destination_id=dst_00000000-0000-7000-8000-000000000007, 50",
    "event_id=evt_019aa000-0000-7000-8000-000000000001, 0",
    "'', 50"
  })
  void b21FindsByAnIndexWhateverIsAskedFor(String query, int expected) throws SQLException {
    int most = query.contains("rare") ? ROWS / 20_000 : expected;

    assertThat(found(query)).isEqualTo(most);
    assertThat(plan(query).lines().filter(line -> line.contains("Seq Scan")))
        .allMatch(
            line -> line.matches(".* \\(cost=0\\.00\\.\\.\\d{1,2}\\..*"),
            "of a day with next to none");
  }

  @Test
  void b21LooksAtTheDaysAskedForOnly() throws SQLException {
    String day = "since=2020-01-01T00:00:00Z&until=2020-01-02T00:00:00Z";

    assertThat(plan(day)).contains("deliveries_default").doesNotContain("deliveries_2");
  }

  @Test
  void b21FindsOneByItsId() {
    Object id = first("state=failed").get("id");

    assertThat(first("id=" + id).get("id")).isEqualTo(id);
  }

  @Test
  void b21ExportsAllThatAreFoundAsCsvWithoutFormulas() {
    String csv = exported("format=csv&state=failed");

    assertThat(csv.lines()).hasSize(1 + ROWS / 1000);
    assertThat(csv).startsWith("\"id\",\"event_id\",\"ce_id\",");
    assertThat(csv.lines().skip(1)).allMatch(line -> line.contains(",\"'=1+1\","));
  }

  @Test
  void b21ExportsAllThatAreFoundAsLinesOfJson() {
    String lines = exported("format=ndjson");

    assertThat(lines.lines()).hasSize(ROWS).allMatch(line -> line.startsWith("{\"id\":\"dlv_"));
    assertThat(lines.lines().distinct()).hasSize(ROWS);
  }

  @Test
  void b21RefusesWhatItDoesNotUnderstand() {
    refusedFor(
        as(OPERATOR, HttpMethod.GET, DELIVERIES + "?stat=failed&state=lost&format=xml"),
        "stat",
        "state",
        "format");
  }

  private String exported(String query) {
    return new String(
        http.mutate()
            .responseTimeout(Duration.ofMinutes(5))
            .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(-1))
            .build()
            .get()
            .uri(DELIVERIES + "?" + query)
            .headers(bearer(OPERATOR))
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(byte[].class)
            .returnResult()
            .getResponseBody());
  }

  private int found(String query) {
    return items(query).size();
  }

  private Map<?, ?> first(String query) {
    return (Map<?, ?>) items(query).getFirst();
  }

  private List<?> items(String query) {
    Map<?, ?> page =
        as(OPERATOR, HttpMethod.GET, DELIVERIES + "?" + query)
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(Map.class)
            .returnResult()
            .getResponseBody();
    return (List<?>) page.get("items");
  }

  /** Of the statement that the list uses, with its parameters in place. */
  private static String plan(String query) throws SQLException {
    MultiValueMap<String, String> parameters =
        new LinkedMultiValueMap<>(
            UriComponentsBuilder.fromUriString("/?" + query).build().getQueryParams());
    StringBuilder sql =
        new StringBuilder("explain select * from deliveries where tenant = 'haystack'");
    for (Condition condition : DeliveryFilter.parse(parameters).conditions()) {
      String literal = "'" + condition.value() + "'";
      sql.append(" and ").append(condition.sql().replace(":" + condition.parameter(), literal));
    }
    sql.append(" order by created_at desc, id desc limit 51");
    StringBuilder plan = new StringBuilder();
    try (Connection owner = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        Statement statement = owner.createStatement();
        ResultSet lines = statement.executeQuery(sql.toString())) {
      while (lines.next()) {
        plan.append(lines.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  private static void execute(String sql) throws SQLException {
    try (Connection owner = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        Statement statement = owner.createStatement()) {
      statement.execute(sql);
    }
  }
}
