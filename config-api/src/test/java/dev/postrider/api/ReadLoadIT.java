// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.test.TestPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Hooks;

/**
 * A hundred reads a second of a tenant with 10,000 destinations and 1,000,000 deliveries; issue 6.
 * The times are the server's: from a request's head to its answer's last byte.
 */
@Tag("soak")
class ReadLoadIT extends ApiIT {

  private static final String USER = "crowd/tenant_admin";
  private static final int DESTINATIONS_THERE = 10_000;
  private static final int DELIVERIES_THERE = 1_000_000;
  private static final int PER_SECOND = 100;
  private static final Duration FILLING_POOLS = Duration.ofSeconds(20);

  /** Twenty thousand requests: before that the compilers have not done with what a read takes. */
  private static final Duration WARM_UP = Duration.ofSeconds(100);

  private static final Duration MEASURED = Duration.ofSeconds(60);

  private static final String UNLIMITED =
      "{\"id\": \"crowd\", \"limits\": {\"requests_per_second\": 1000}}";

  private static final String MORE_DESTINATIONS =
      """
      insert into destinations (tenant, id, version, status, settings, signing_keys,
        signing_expires, signing_last4, credentials, created_at, updated_at)
      select tenant, uuidv7(- n * interval '1 minute'), version, status, settings, signing_keys,
        signing_expires, signing_last4, credentials, created_at - n * interval '1 minute', updated_at
      from destinations, generate_series(1, %d) n where tenant = 'crowd'
      """
          .formatted(DESTINATIONS_THERE - 1);
  private static final String MORE_DELIVERIES =
      """
      insert into deliveries (created_at, id, tenant, destination_id, event_id, ce_id, event_type,
        state, attempt_count, last_http_status, last_reason, updated_at, outcome_offset)
      select uuid_extract_timestamp(made.id), made.id, 'crowd', known.id, gen_random_uuid(),
        'event-' || n, 'common.thing', case when n %% 1000 = 7 then 'failed' else 'delivered' end, 1,
        case when n %% 1000 = 7 then 503 else 200 end, 'http', now(), n
      from (select n, uuidv7(- n * interval '1 second' * 86400 * 2 / %1$d) as id
            from generate_series(1, %1$d) n) made
      join (select id, row_number() over () as place from destinations where tenant = 'crowd') known
        on known.place = n %% %2$d + 1
      """
          .formatted(DELIVERIES_THERE, DESTINATIONS_THERE);

  private record Taken(String path, long micros) {}

  /** Stands before everything of the service's. */
  @TestConfiguration(proxyBeanMethods = false)
  static class Stopwatch {

    private static final Queue<Taken> TAKEN = new ConcurrentLinkedQueue<>();

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    WebFilter stopwatch() {
      return (exchange, chain) -> {
        long begun = System.nanoTime();
        String path = exchange.getRequest().getURI().toString().replaceFirst("^\\w+://[^/]+", "");
        return chain
            .filter(exchange)
            .doFinally(_ -> TAKEN.add(new Taken(path, (System.nanoTime() - begun) / 1_000)));
      };
    }
  }

  @Test
  void answersReadsIn20MillisecondsAmongAMillionDeliveries() throws Exception {
    post("-/platform_admin", "/api/v1/tenants", UNLIMITED).exchange().expectStatus().isCreated();
    String destination = created(USER, destination("first")).get("id").toString();
    execute(
        MORE_DESTINATIONS,
        MORE_DELIVERIES,
        "vacuum analyze destinations",
        "vacuum analyze deliveries",
        "checkpoint");
    String delivery = first(DELIVERIES);
    List<String> paths =
        List.of(
            DESTINATIONS,
            DESTINATIONS + "?limit=250",
            DESTINATIONS + "/" + destination,
            DESTINATIONS + "/" + destination + "/stats",
            DELIVERIES,
            DELIVERIES + "?state=failed",
            DELIVERIES + "?destination_id=" + first(DESTINATIONS + "?limit=1"),
            DELIVERIES + "/" + delivery,
            "/api/v1/integrations/health",
            "/api/v1/integrations/types",
            "/api/v1/api-keys",
            "/api/v1/event-types");
    Hooks.resetOnLastOperator(); // what Spring Security's tests add to every operator
    load(paths, FILLING_POOLS, PER_SECOND / 10);
    load(paths, FILLING_POOLS, PER_SECOND / 2);
    load(paths, WARM_UP, 2 * PER_SECOND);
    long before = readWithoutAnIndex();
    Stopwatch.TAKEN.clear();
    load(paths, MEASURED, PER_SECOND);
    List<Taken> taken = List.copyOf(Stopwatch.TAKEN);
    report(taken);
    assertThat(percentile(taken, 99)).isLessThan(20_000);
    assertThat(readWithoutAnIndex() - before).isLessThan(PER_SECOND);
  }

  private void load(List<String> paths, Duration length, int perSecond) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
        var clock = Executors.newSingleThreadScheduledExecutor()) {
      long rounds = length.toSeconds() * perSecond;
      var answers = new CompletableFuture<?>[(int) rounds];
      for (int round = 0; round < rounds; round++) {
        String path = paths.get(round % paths.size());
        var answer = new CompletableFuture<Void>();
        answers[round] = answer;
        clock.schedule(
            () -> ask(client, path, answer), 1000L * round / perSecond, TimeUnit.MILLISECONDS);
      }
      CompletableFuture.allOf(answers).get();
    }
  }

  private void ask(HttpClient client, String path, CompletableFuture<Void> to) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + token())
            .timeout(Duration.ofSeconds(10))
            .build();
    client
        .sendAsync(request, BodyHandlers.ofByteArray())
        .thenAccept(answer -> assertThat(answer.statusCode()).as(path).isEqualTo(200))
        .whenComplete((_, fault) -> settle(to, fault));
  }

  private static void settle(CompletableFuture<Void> to, Throwable fault) {
    if (fault == null) {
      to.complete(null);
    } else {
      to.completeExceptionally(fault);
    }
  }

  private String token;

  private String token() {
    if (token == null) {
      token = tokens.of(USER);
    }
    return token;
  }

  private static void report(List<Taken> taken) {
    Map<String, List<Taken>> routes = new TreeMap<>();
    taken.forEach(each -> routes.computeIfAbsent(each.path(), _ -> new ArrayList<>()).add(each));
    routes.put("all", taken);
    routes.forEach(
        (path, times) ->
            System.out.printf(
                "%6.1f ms p50 %6.1f ms p99 %6.1f ms max  %d of %s%n",
                percentile(times, 50) / 1_000.0,
                percentile(times, 99) / 1_000.0,
                percentile(times, 100) / 1_000.0,
                times.size(),
                path));
  }

  private static long percentile(List<Taken> taken, int percent) {
    long[] micros = taken.stream().mapToLong(Taken::micros).sorted().toArray();
    return micros[Math.min(micros.length - 1, micros.length * percent / 100)];
  }

  private String first(String path) {
    Map<?, ?> page =
        as(USER, HttpMethod.GET, path)
            .exchange()
            .expectBody(Map.class)
            .returnResult()
            .getResponseBody();
    return ((Map<?, ?>) ((List<?>) page.get("items")).getFirst()).get("id").toString();
  }

  /** Rows of tables that grow, but destinations: those are counted, and may all be one tenant's. */
  private static long readWithoutAnIndex() throws SQLException {
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                select sum(seq_tup_read) from pg_stat_user_tables
                where relname ~ '^(deliveries|attempts|audit_entries|api_keys|event_types)'
                """)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void execute(String... statements) throws SQLException {
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = connection.createStatement()) {
      for (String sql : Arrays.asList(statements)) {
        statement.execute(sql);
      }
    }
  }
}
