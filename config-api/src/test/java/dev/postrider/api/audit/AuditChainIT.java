// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.api.ApiIT;
import dev.postrider.api.ConfigApi;
import dev.postrider.api.TestTokens;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.ChainKey;
import dev.postrider.test.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The chain in the database, and what becomes visible of what is done to it there. */
@ExtendWith(OutputCaptureExtension.class)
class AuditChainIT extends ApiIT {

  private static final AuditTrail.Change CHANGE =
      new AuditTrail.Change("test.made", "test", "tst_1", null, null);

  /** What a second instance has to be told. */
  private static final List<String> SHARED =
      List.of(
          "postrider.postgres",
          "postrider.kafka",
          "postrider.partitions",
          "postrider.keyset-file",
          "postrider.egress-allow",
          "postrider.issuer",
          "server.port",
          "management.server.port");

  @Autowired private Environment environment;
  @Autowired private TenantTransactions transactions;
  @Autowired private ChainKey key;
  @Autowired private AuditVerifier verifier;
  @Autowired private Checkpoints checkpoints;

  @Test
  void b16FindsWhatWasDoneToTheRows(CapturedOutput log) throws SQLException {
    written("tampered", 12);
    checkpoints.write().block();

    assertThat(verified("tampered", log)).contains("tampered: 12 entries, head 12 ", ": OK");
    execute(
        "update audit_entries set actor_id = 'nobody' where tenant = 'tampered' and sequence = 3");
    execute("delete from audit_entries where tenant = 'tampered' and sequence in (5, 6, 12)");
    execute(
        """
        update audit_entries set sequence = case sequence when 8 then 90 when 9 then 80 end
        where tenant = 'tampered' and sequence in (8, 9);
        update audit_entries set sequence = sequence / 10
        where tenant = 'tampered' and sequence in (80, 90)""");

    assertThat(verified("tampered", log).lines().map(AuditChainIT::withoutId))
        .containsExactly(
            "tampered: 9 entries, head 11: WRONG",
            "  5 to 6: deleted: missing",
            "  3: edited: what it says is not what its hash was made of",
            "  8: reordered: in another's place, its own is 9",
            "  9: reordered: in another's place, its own is 8",
            "  12: truncated: missing at the end, although a checkpoint vouches for it");
  }

  private static String withoutId(String line) {
    return line.replaceFirst(" \\(aud_[^)]*\\)", "").replaceFirst(" [0-9a-f]{64}", "");
  }

  @Test
  void b16VouchesForWhatWasWrittenBeforeThereWereHashes(CapturedOutput log) throws SQLException {
    execute(
        """
        insert into tenants (id) values ('older') on conflict do nothing;
        alter table audit_entries drop constraint chained;
        insert into audit_entries (tenant, id, at, actor_type, actor_id, action, resource_type,
          resource_id, changes, request_id)
        select 'older', uuidv7(), now(), 'user', 'u', 'a', 't', 'i', '[]', 'r' from generate_series(1, 3);
        alter table audit_entries
          add constraint chained check (sequence is not null and hash is not null) not valid""");
    written("older", 2);
    assertThat(verified("older", log)).contains("older: 2 entries, head 2 ", ": OK");

    execute(
        "delete from audit_entries where ctid = (select ctid from audit_entries"
            + " where tenant = 'older' and sequence is null limit 1)");
    assertThat(verified("older", log)).contains("1 (aud_", "edited");
  }

  @Test
  void b16LeavesOneChainHoweverManyWriteAtOnce(CapturedOutput log) {
    Flux.merge(entries("crowded", 100), entries("crowded", 100), entries("beside", 50)).blockLast();

    assertThat(verified("crowded", log)).contains("crowded: 200 entries, head 200 ", ": OK");
    assertThat(verified("beside", log)).contains("beside: 50 entries, head 50 ", ": OK");
  }

  /** By way of REST, so that rows, outbox and entries are written together. */
  @Test
  @Tag("soak")
  void b16LeavesOneChainOfTwoInstancesAndTwoThousandChanges(CapturedOutput log) {
    String[] settings =
        SHARED.stream()
            .map(name -> "--%s=%s".formatted(name, environment.getProperty(name)))
            .toArray(String[]::new);
    try (ConfigurableApplicationContext second =
        new SpringApplicationBuilder(Tokens.class, ConfigApi.class).run(settings)) {
      String other = "http://127.0.0.1:" + second.getEnvironment().getProperty("local.server.port");
      List<Object> ids =
          Stream.generate(() -> created("two-instances/tenant_admin", destination("d")).get("id"))
              .limit(20)
              .toList();

      List<Integer> answers =
          Flux.merge(changes("http://127.0.0.1:" + port, ids), changes(other, ids))
              .collectList()
              .block();

      // What was not published in time is stored, and a 503 all the same.
      assertThat(answers).hasSize(2000).containsAnyOf(200).isSubsetOf(200, 503);
      assertThat(verified("two-instances", log))
          .matches("two-instances: (\\d+) entries, head \\1 [0-9a-f]{64}: OK\n")
          .satisfies(
              line ->
                  assertThat(Long.parseLong(line.split(" ")[1]))
                      .as("%d answers of 200", Collections.frequency(answers, 200))
                      .isBetween(20L + Collections.frequency(answers, 200), 2020L));
    }
  }

  /** Imported and first: then the service brings no decoder of its own. */
  @Import(TestTokens.class)
  static final class Tokens {}

  private Flux<Integer> changes(String base, List<Object> ids) {
    WebClient client = WebClient.create(base + DESTINATIONS);
    return Flux.range(0, 1000)
        .flatMap(
            i ->
                client
                    .patch()
                    .uri("/" + ids.get(i % ids.size()))
                    .headers(bearer("two-instances/tenant_admin"))
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue("{\"name\": \"" + base + i + "\"}")
                    .exchangeToMono(
                        answer -> answer.releaseBody().thenReturn(answer.statusCode().value())),
            8);
  }

  @Test
  void b16LetsTheServiceAddEntriesAndNothingElse() throws SQLException {
    written("added", 1);
    try (Connection runtime =
            DriverManager.getConnection(
                TestPostgres.running().jdbcUrl().replace("user=", "user=postrider_api&was="));
        Statement statement = runtime.createStatement()) {
      statement.execute("select set_config('app.tenant', 'added', false)");
      for (String change :
          new String[] {
            "update audit_entries set action = 'x'",
            "delete from audit_entries",
            "truncate audit_entries"
          }) {
        assertThatThrownBy(() -> statement.execute(change))
            .hasMessageContaining("permission denied");
      }
    }
  }

  private void written(String tenant, int count) {
    entries(tenant, count).blockLast();
  }

  /** By an instance of its own. */
  private Flux<Boolean> entries(String tenant, int count) {
    AuditTrail trail = new AuditTrail(new Chain(key), Clock.systemUTC(), new SecureRandom());
    TenantId id = new TenantId(tenant);
    AuditTrail.Author author = AuditTrail.Author.postrider("test");
    return Flux.range(0, count)
        .flatMap(
            _ ->
                transactions.within(
                    id,
                    database ->
                        database
                            .sql("insert into tenants (id) values (:t) on conflict do nothing")
                            .bind("t", tenant)
                            .then()
                            .then(trail.record(database, id, author, CHANGE))
                            .then(Mono.just(true))),
            8);
  }

  private String verified(String tenant, CapturedOutput log) {
    var out = new ByteArrayOutputStream();
    List<String> lines = log.getAll().lines().toList();
    verifier.verify(tenant, lines, new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void execute(String sql) throws SQLException {
    try (Connection owner = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        Statement statement = owner.createStatement()) {
      statement.execute(sql);
    }
  }
}
