// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * PostgreSQL for a command beside the service: the schema is taken as it is, and only what the
 * system may do can be done. No part of the service, which is why it is no component.
 */
@EnableConfigurationProperties(PostgresSettings.class)
public final class CommandPostgres {

  @Bean(destroyMethod = "dispose")
  ConnectionPool systemPool(PostgresSettings settings) {
    return Postgres.pool(settings, "postrider_system", 1, new SimpleMeterRegistry());
  }

  @Bean
  SystemTransactions systemTransactions(ConnectionPool systemPool) {
    return new SystemTransactions(systemPool);
  }
}
