// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A PostgreSQL 18 for the tests of this JVM, started at the first question: in a container where a
 * Docker engine answers, else embedded. Tests cannot tell which.
 */
public record TestPostgres(String host, int port, String user, String password, String database) {

  private static final String IMAGE = "postgres:18";

  /** The running one. */
  public static TestPostgres running() {
    return Running.POSTGRES;
  }

  /** As the service wants it, reached through another port. */
  public String urlThrough(int otherPort) {
    return "postgresql://%s:%s@127.0.0.1:%d/%s".formatted(user, password, otherPort, database);
  }

  /** For JDBC, directly. */
  public String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s?user=%s&password=%s"
        .formatted(host, port, database, user, password);
  }

  private static final class Running {
    static final TestPostgres POSTGRES =
        DockerClientFactory.instance().isDockerAvailable() ? inContainer() : embedded();

    private static TestPostgres inContainer() {
      PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
      container.start();
      return new TestPostgres(
          container.getHost(),
          container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
          container.getUsername(),
          container.getPassword(),
          container.getDatabaseName());
    }

    private static TestPostgres embedded() {
      try {
        EmbeddedPostgres postgres = EmbeddedPostgres.start();
        return new TestPostgres(
            "127.0.0.1", postgres.getPort(), "postgres", "postgres", "postgres");
      } catch (IOException e) {
        throw new UncheckedIOException("no PostgreSQL could be started", e);
      }
    }
  }
}
