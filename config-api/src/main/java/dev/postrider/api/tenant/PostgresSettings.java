// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Where PostgreSQL is.
 *
 * @param postgres {@code postgresql://user:password@host:port/database}; the owner, who migrates
 *     and may create roles
 * @param postgresRuntimePassword of the two roles this service runs with; empty: the owner's
 */
@Validated
@ConfigurationProperties("postrider")
record PostgresSettings(
    @NotNull @Pattern(regexp = "postgres(ql)?://[^:@/]+:[^@/]+@[^/]+/.+") String postgres,
    String postgresRuntimePassword) {

  String host() {
    return uri().getHost();
  }

  int port() {
    return uri().getPort() < 0 ? 5432 : uri().getPort();
  }

  String database() {
    return uri().getPath().substring(1);
  }

  String owner() {
    return credentials()[0];
  }

  String ownerPassword() {
    return credentials()[1];
  }

  String runtimePassword() {
    return postgresRuntimePassword.isEmpty() ? ownerPassword() : postgresRuntimePassword;
  }

  String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s".formatted(host(), port(), database());
  }

  private String[] credentials() {
    return uri().getUserInfo().split(":", 2);
  }

  private URI uri() {
    return URI.create(postgres);
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "PostgresSettings[%s:%d/%s]".formatted(host(), port(), database());
  }
}
