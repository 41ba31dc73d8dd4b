// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.postgres;

import dev.postrider.local.process.Probe;
import java.io.IOException;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Healthy when the database lets its owner in and answers a query.
 *
 * @param url {@code postgresql://user:password@host:port/database}
 */
public record DatabaseProbe(String url) implements Probe {

  private static final String TIMEOUT_SECONDS = "2";

  @Override
  public boolean healthy() throws IOException {
    var uri = URI.create(url);
    var jdbc = "jdbc:postgresql://%s:%d%s".formatted(uri.getHost(), port(uri), uri.getPath());
    try (var connection = DriverManager.getConnection(jdbc, properties(uri));
        var statement = connection.createStatement()) {
      return statement.execute("SELECT 1");
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static Properties properties(URI uri) {
    var properties = new Properties();
    var user = uri.getUserInfo() == null ? new String[0] : uri.getUserInfo().split(":", 2);
    properties.setProperty("user", user.length > 0 ? user[0] : "postgres");
    properties.setProperty("password", user.length > 1 ? user[1] : "");
    properties.setProperty("connectTimeout", TIMEOUT_SECONDS);
    properties.setProperty("socketTimeout", TIMEOUT_SECONDS);
    return properties;
  }

  private static int port(URI uri) {
    return uri.getPort() < 0 ? 5432 : uri.getPort();
  }
}
