// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/** What config-api has recorded, read as its own role: row-level security hides it from others. */
final class Database implements AutoCloseable {

  private final Connection connection;

  Database(int port) {
    var url = "jdbc:postgresql://127.0.0.1:%d/postrider".formatted(port);
    try {
      connection = DriverManager.getConnection(url, "postrider_system", "postrider");
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL does not let the benchmark in", e);
    }
  }

  /** How many deliveries have come to a good end, in all. */
  long delivered() {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery("select count(*) from deliveries where state = 'delivered'")) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL does not say what was delivered", e);
    }
  }

  /**
   * For each event whose first attempt failed: when the second is due, in µs. A record keeps it in
   * milliseconds.
   */
  Map<Long, Long> secondAttempts() {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                select ce_id, a.next_attempt_at from attempts a
                join deliveries d on d.created_at = a.created_at and d.id = a.delivery_id
                where number = 1 and a.next_attempt_at is not null
                """)) {
      var due = new HashMap<Long, Long>();
      while (rows.next()) {
        var at = rows.getObject(2, OffsetDateTime.class).toInstant();
        due.put(rows.getLong(1), Rig.micros(at.truncatedTo(ChronoUnit.MILLIS)));
      }
      return due;
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL does not say what was attempted", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL does not let go", e);
    }
  }
}
