// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import dev.postrider.worker.repartition.Repartition;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The command that multiplies partitions, with a worker's settings and none of its parts. */
@EnableConfigurationProperties(WorkerSettings.class)
final class RepartitionCommand {

  static final String NAME = "repartition";

  /** Returns the exit status; why it is not 0 is in the log. */
  static int run() {
    try (var _ =
        new SpringApplicationBuilder(RepartitionCommand.class).web(WebApplicationType.NONE).run()) {
      return 0;
    } catch (RuntimeException told) {
      return 1;
    }
  }

  @Bean
  ApplicationRunner repartition(WorkerSettings settings) {
    return _ -> {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", settings.kafka()))) {
        new Repartition(
                admin,
                settings.kafka(),
                settings.topics(),
                settings.remembered(),
                InstantSource.system())
            .run();
      }
    };
  }
}
