// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import dev.postrider.test.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Days of deliveries that are older than 90 days are forgotten, but for what has not ended. */
class RetentionIT extends ApiIT {

  @Autowired private Partitions partitions;

  private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
  private final List<LocalDate> made = new ArrayList<>();

  /** Other tests look at plans, which name every partition. */
  @AfterEach
  void leaveNothing() throws SQLException {
    for (LocalDate day : made) {
      execute("drop table if exists deliveries%1$s, attempts%1$s".formatted(part(day)));
    }
    for (String table : List.of("deliveries", "attempts", "delivery_counts")) {
      execute("delete from %s where tenant = 'kept'".formatted(table));
    }
  }

  @Test
  void b17ForgetsADayWithItsPartitionButNotWhatHasNotEnded() throws SQLException {
    LocalDate old = today.minusDays(91);
    LocalDate kept = today.minusDays(90);
    day(old);
    day(kept);
    deliver(old, "delivered");
    deliver(old, "retrying");
    deliver(kept, "delivered");

    partitions.forget().block();

    assertThat(
            number("select count(*) from pg_class where relname = 'deliveries" + part(old) + "'"))
        .isZero();
    assertThat(states(old)).isEqualTo("retrying");
    assertThat(states(kept)).isEqualTo("delivered");
    assertThat(counts(old)).isEqualTo("retrying=1");
    assertThat(counts(kept)).isEqualTo("delivered=1");
    assertThat(number("select count(*) from attempts where tenant = 'kept'")).isEqualTo(2);
  }

  @Test
  void b17ForgetsWhatHasEndedSinceWithTheNextDay() throws SQLException {
    LocalDate older = today.minusDays(101);
    LocalDate old = today.minusDays(100);
    day(older);
    deliver(older, "retrying");
    partitions.forget().block();
    execute("update deliveries set state = 'failed' where tenant = 'kept' and state = 'retrying'");
    day(old);

    partitions.forget().block();

    assertThat(states(older)).isEmpty();
    assertThat(number("select count(*) from attempts where " + of(older))).isZero();
  }

  private void day(LocalDate day) throws SQLException {
    made.add(day);
    for (String parent : new String[] {"deliveries", "attempts"}) {
      execute(
          "create table %s%s partition of %s for values from ('%sZ') to ('%sZ')"
              .formatted(
                  parent, part(day), parent, day.atStartOfDay(), day.plusDays(1).atStartOfDay()));
    }
  }

  private static String part(LocalDate day) {
    return "_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
  }

  private void deliver(LocalDate day, String state) throws SQLException {
    String id = UUID.randomUUID().toString();
    execute(
        """
        insert into deliveries (created_at, id, tenant, destination_id, event_id, ce_id, event_type,
          state, attempt_count, updated_at, outcome_offset)
        values ('%1$sT12:00:00Z', '%2$s', 'kept', gen_random_uuid(), gen_random_uuid(), 'c', 't.t',
          '%3$s', 1, now(), 1)"""
            .formatted(day, id, state));
    execute(
        """
        insert into attempts (created_at, delivery_id, event_id, number, tenant, started_at,
          duration_ms, outcome, reason, request_headers, response_headers)
        values ('%1$sT12:00:00Z', '%2$s', gen_random_uuid(), 1, 'kept', now(), 1, 'accepted', 'r',
          '', '')"""
            .formatted(day, id));
    execute(
        "select count_moves(array['kept'], array['%sT12:00:00Z'::timestamptz], array[null::text],"
                .formatted(day)
            + " array['%s'])".formatted(state));
  }

  private String states(LocalDate day) throws SQLException {
    return text("select string_agg(state, ',' order by state) from deliveries where " + of(day));
  }

  private String counts(LocalDate day) throws SQLException {
    return text(
        "select string_agg(state || '=' || n, ',' order by state) from delivery_counts"
            + " where n > 0 and tenant = 'kept' and day = '%s'".formatted(day));
  }

  private static String of(LocalDate day) {
    return "tenant = 'kept' and (created_at at time zone 'UTC')::date = '%s'".formatted(day);
  }

  private static long number(String sql) throws SQLException {
    return Long.parseLong(text(sql));
  }

  private static String text(String sql) throws SQLException {
    try (Connection owner = owner();
        Statement statement = owner.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      String text = rows.getString(1);
      return text == null ? "" : text;
    }
  }

  private static Connection owner() throws SQLException {
    return DriverManager.getConnection(TestPostgres.running().jdbcUrl());
  }

  private static void execute(String sql) throws SQLException {
    try (Connection owner = owner();
        Statement statement = owner.createStatement()) {
      statement.execute(sql);
    }
  }
}
