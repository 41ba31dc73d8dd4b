// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.RowMetadata;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Migrates the schema as its owner, then opens one small pool for each of the two roles. */
@Configuration(proxyBeanMethods = false)
class Postgres {

  private static final Logger LOG = LoggerFactory.getLogger(Postgres.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(10);

  /** Proof that the schema is there; pools ask for it. */
  record Migrated(String version) {}

  @Bean
  Migrated migrated(PostgresSettings settings) {
    Flyway flyway =
        Flyway.configure()
            .dataSource(settings.jdbcUrl(), settings.owner(), settings.ownerPassword())
            .placeholders(Map.of("runtime_password", settings.runtimePassword().replace("'", "''")))
            .connectRetries(10)
            .load();
    var result = flyway.migrate();
    String version = String.valueOf(result.targetSchemaVersion);
    LOG.info(
        "PostgreSQL at {}:{}, {} migrations applied",
        settings.host(),
        settings.port(),
        result.migrationsExecuted);
    return new Migrated(version);
  }

  @Bean(destroyMethod = "dispose")
  ConnectionPool tenantPool(PostgresSettings settings, Migrated migrated, MeterRegistry meters) {
    return watched(pool(settings, "postrider_api", 10, meters), "tenant", meters);
  }

  @Bean(destroyMethod = "dispose")
  ConnectionPool systemPool(PostgresSettings settings, Migrated migrated, MeterRegistry meters) {
    return watched(pool(settings, "postrider_system", 4, meters), "system", meters);
  }

  private static ConnectionPool watched(ConnectionPool pool, String name, MeterRegistry meters) {
    pool.getMetrics()
        .ifPresent(
            numbers -> {
              gauge(name, "used", numbers::acquiredSize, meters);
              gauge(name, "idle", numbers::idleSize, meters);
              gauge(name, "wanted", numbers::pendingAcquireSize, meters);
            });
    return pool;
  }

  private static void gauge(
      String pool, String state, Supplier<Number> value, MeterRegistry meters) {
    Gauge.builder("postrider.postgres.connections", value)
        .description("used, idle, and wanted by who waits for one")
        .tags("pool", pool, "state", state)
        .register(meters);
  }

  @Bean
  TenantTransactions tenantTransactions(ConnectionPool tenantPool) {
    return new TenantTransactions(tenantPool);
  }

  @Bean
  SystemTransactions systemTransactions(ConnectionPool systemPool) {
    return new SystemTransactions(systemPool);
  }

  static ConnectionPool pool(
      PostgresSettings settings, String role, int size, MeterRegistry meters) {
    Counter leftovers =
        Counter.builder("postrider.postgres.leftovers")
            .description("pooled connections refused because a tenant was left on them; must be 0")
            .register(meters);
    var connections =
        new PostgresqlConnectionFactory(
            PostgresqlConnectionConfiguration.builder()
                .host(settings.host())
                .port(settings.port())
                .database(settings.database())
                .username(role)
                .password(settings.runtimePassword())
                .applicationName("config-api")
                .connectTimeout(PATIENCE)
                .statementTimeout(LONGEST_STATEMENT)
                .tcpKeepAlive(true)
                // Times, ids and arrays come as they are kept, and need no parsing.
                .forceBinary(true)
                .codecRegistrar(new BinaryArrayCodec())
                .build());
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(connections)
            .initialSize(0)
            .maxSize(size)
            .maxAcquireTime(PATIENCE)
            .maxLifeTime(Duration.ofMinutes(30))
            .acquireRetry(size)
            .postAllocate(connection -> refuseLeftover(connection, leftovers))
            .build());
  }

  /** The tripwire: a tenant that outlived its transaction would be the next borrower's. */
  private static Publisher<Void> refuseLeftover(Connection connection, Counter leftovers) {
    return Flux.from(
            connection.createStatement("select current_setting('app.tenant', true)").execute())
        .flatMap(result -> result.map(Postgres::leftover))
        .filter(tenant -> !tenant.isEmpty())
        .flatMap(tenant -> refuse(tenant, leftovers))
        .then();
  }

  private static String leftover(Row row, RowMetadata columns) {
    String tenant = row.get(0, String.class);
    return tenant == null ? "" : tenant;
  }

  private static Mono<Void> refuse(String tenant, Counter leftovers) {
    leftovers.increment();
    LOG.error("a pooled connection still belonged to the tenant {}; it is closed", tenant);
    return Mono.error(new IllegalStateException("a pooled connection still belongs to " + tenant));
  }
}
