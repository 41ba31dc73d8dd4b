// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api;

import dev.postrider.api.command.Command;
import dev.postrider.model.trace.Tracing;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts config-api: REST, portal, outbox relay and recorder in one process. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@EnableScheduling
public class ConfigApi {

  /**
   * Reads its settings from the environment, see {@code docs/configuration.md}; or does what one of
   * the {@link Command}s is for, such as {@code create-keyset FILE}.
   */
  public static void main(String[] arguments) {
    Command.in(arguments)
        .ifPresentOrElse(
            command -> System.exit(command.run(arguments, System.out, System.err)),
            () -> SpringApplication.run(ConfigApi.class, arguments));
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  /** Without anywhere to send spans to there are none. */
  @Bean
  Tracing tracing(ObjectProvider<SpanExporter> exporters, Propagator propagator) {
    return exporters.stream().findAny().isPresent() ? Tracing.by(propagator) : Tracing.OFF;
  }

  @Bean
  SecureRandom random() {
    return new SecureRandom();
  }
}
