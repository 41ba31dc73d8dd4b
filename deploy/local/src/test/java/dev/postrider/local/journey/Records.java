// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import dev.postrider.local.LocalStack;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.destination.HttpHeader;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What PostgreSQL says became of deliveries, read past row-level security. */
final class Records {

  private final String url;

  Records(LocalStack stack) {
    URI postgres = URI.create(stack.environment().get("POSTRIDER_POSTGRES"));
    this.url =
        "jdbc:postgresql://127.0.0.1:%d%s?user=postgres&password=postgres"
            .formatted(postgres.getPort(), postgres.getPath());
  }

  /** One attempt as recorded; id, time and signature are those of the request. */
  record Attempt(Ledger.Request request, int number, String outcome) {}

  /** How many deliveries to the destinations have come to this state. */
  int deliveries(Set<String> destinations, String state) {
    return query(
            "select count(*) from deliveries where destination_id = any (?) and state = ?",
            destinations,
            state,
            row -> row.getInt(1))
        .getFirst();
  }

  /** Every attempt at a delivery to the destinations that has come to this state, in order. */
  List<Attempt> attempts(Set<String> destinations, String state) {
    return query(
        """
        select delivery_id, number, attempt.request_headers, outcome
        from every_attempt attempt join deliveries on delivery_id = deliveries.id
        where destination_id = any (?) and state = ? order by delivery_id, number
        """,
        destinations,
        state,
        Records::attempt);
  }

  /** The first column of the first row. */
  String text(String query) {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new AssertionError("PostgreSQL does not say: " + e.getMessage(), e);
    }
  }

  /** Makes it as no part would. */
  void run(String update) {
    text("with done as (" + update + " returning 1) select count(*) from done");
  }

  private static Attempt attempt(ResultSet row) throws SQLException {
    List<HttpHeader> headers = new HeaderLines(row.getString(3)).list();
    Ledger.Request request =
        new Ledger.Request(
            "dlv_" + row.getString(1),
            header(headers, "webhook-timestamp"),
            header(headers, "webhook-signature"));
    return new Attempt(request, row.getInt(2), row.getString(4));
  }

  private static String header(List<HttpHeader> headers, String name) {
    return headers.stream()
        .filter(header -> header.key().equalsIgnoreCase(name))
        .map(HttpHeader::value)
        .collect(Collectors.joining());
  }

  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> query(String sql, Set<String> destinations, String state, Reader<T> reader) {
    UUID[] ids =
        destinations.stream()
            .map(id -> UUID.fromString(id.substring("dst_".length())))
            .toArray(UUID[]::new);
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("uuid", ids));
      statement.setString(2, state);
      List<T> rows = new ArrayList<>();
      for (ResultSet row = statement.executeQuery(); row.next(); ) {
        rows.add(reader.read(row));
      }
      return rows;
    } catch (SQLException e) {
      throw new AssertionError("PostgreSQL does not say: " + e.getMessage(), e);
    }
  }
}
