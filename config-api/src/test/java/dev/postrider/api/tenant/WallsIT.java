// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import dev.postrider.model.event.TenantId;
import dev.postrider.test.TestPostgres;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class WallsIT extends ApiIT {

  private static final String COUNT = "select count(*) as n from destinations";

  private static final String TABLES =
      """
      select distinct c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0
        and c.relnamespace = 'public'::regnamespace
        and has_table_privilege('postrider_api', c.oid, '%s')
      """;

  @Autowired private TenantTransactions transactions;
  @Autowired private MeterRegistry meters;

  @Test
  void showsNoRowsWithoutATenant() {
    created("acme/tenant_admin", destination("walled"));
    assertThat(count(transactions.outside()).block()).isZero();
    assertThat(transactions.within(new TenantId("acme"), WallsIT::count).block()).isPositive();
  }

  @Test
  void showsNoRowsOfAnotherTenantEvenToAQueryThatForgetsToAsk() {
    created("acme/tenant_admin", destination("walled"));
    assertThat(transactions.within(new TenantId("nobody"), WallsIT::count).block()).isZero();
  }

  @Test
  void refusesToWriteForAnotherTenant() {
    Mono<Void> theft =
        transactions.within(
            new TenantId("thief"),
            database ->
                database
                    .sql("insert into outbox (tenant, topic, key) values ('acme', 't', 'k')")
                    .then());
    StepVerifier.create(theft)
        .expectErrorMatches(e -> String.valueOf(e.getMessage()).contains("row-level security"))
        .verify();
  }

  @Test
  void leavesNothingOfATenantOnTheConnection() {
    for (int round = 0; round < 50; round++) {
      transactions.within(new TenantId("acme"), WallsIT::count).block();
    }
    assertThat(count(transactions.outside()).block()).isZero();
  }

  @Test
  void forcesRowLevelSecurityOnEveryTableWithATenant() throws SQLException {
    List<String> unwalled =
        query(
            """
            select c.relname from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant'
            where c.relkind in ('r', 'p') and not c.relispartition
              and c.relnamespace = 'public'::regnamespace
              and not (c.relrowsecurity and c.relforcerowsecurity)
            """);
    assertThat(unwalled).isEmpty();
  }

  @Test
  void showsNoRowsOfAnyTableWithoutATenant() throws SQLException {
    created("acme/tenant_admin", destination("walled"));
    List<String> readable = query(TABLES.formatted("select"));
    assertThat(readable).contains("destinations", "api_keys", "event_types", "audit_entries");
    for (String table : readable) {
      Mono<Long> rows =
          transactions
              .outside()
              .sql("select count(*) as n from " + table)
              .map(row -> Columns.required(row, "n", Long.class))
              .one();
      assertThat(rows.block()).as(table).isZero();
    }
  }

  /** A table that happens to be empty shows no rows either: what counts is the policy. */
  @Test
  void p15LetsRequestsReachNothingButTheRowsOfTheirTenant() throws SQLException {
    String own = "^[(](tenant|id) = [(] SELECT NULLIF[(]current_setting[(]''app.tenant''";
    List<String> open =
        query(
            """
            select tablename || ': ' || coalesce(qual, '') || ' ' || coalesce(with_check, '')
            from pg_policies
            where schemaname = 'public' and roles && array['postrider_api', 'public']::name[]
              and not (coalesce(qual, with_check) ~ '%1$s' and coalesce(with_check, qual) ~ '%1$s')
            """
                .formatted(own));
    assertThat(open).isEmpty();
    assertThat(query(TABLES.formatted("select")))
        .containsExactlyInAnyOrderElementsOf(
            query(
                """
                select tablename from pg_policies
                where schemaname = 'public' and 'postrider_api' = any(roles)
                """));
  }

  @Test
  void tripsWhenATenantIsLeftOnAConnection() {
    double before = trips();
    Mono<Long> leaving =
        transactions
            .outside()
            .sql("select set_config('app.tenant', 'acme', false)")
            .then()
            .then(count(transactions.outside()));
    leaving.onErrorComplete().block();
    for (int round = 0; round < 20; round++) {
      assertThat(count(transactions.outside()).block()).isZero();
    }
    assertThat(trips()).isGreaterThan(before);
  }

  private double trips() {
    return meters.get("postrider.postgres.leftovers").counter().count();
  }

  @Test
  void runsWithRolesThatOwnNothingAndPassNothingBy() throws SQLException {
    assertThat(
            query(
                """
                select rolname from pg_roles where rolname like 'postrider%'
                  and (rolsuper or rolbypassrls or rolcreaterole or not rolcanlogin)
                """))
        .isEmpty();
    assertThat(
            query("select relname from pg_class where pg_get_userbyid(relowner) like 'postrider%'"))
        .isEmpty();
  }

  @Test
  void makesPartitionsAhead() throws SQLException {
    assertThat(
            query(
                """
                select inhrelid::regclass::text from pg_inherits
                where inhparent = 'deliveries'::regclass
                """))
        .hasSizeGreaterThan(8);
  }

  private static Mono<Long> count(DatabaseClient database) {
    return database.sql(COUNT).map(row -> Columns.required(row, "n", Long.class)).one();
  }

  private static List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }
}
