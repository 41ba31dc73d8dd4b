// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.command;

import dev.postrider.api.tenant.CommandPostgres;
import dev.postrider.model.secret.ChainKey;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/** What a command has of the service: its settings, the keyset, and the system's way to rows. */
final class CommandContext {

  private CommandContext() {}

  /**
   * Starts it with these parts; it serves nobody, migrates nothing and runs nothing by itself.
   *
   * @param settings further ones, as on the service's own command line: {@code --postrider.…=…}
   */
  static ConfigurableApplicationContext start(Stream<String> settings, Class<?>... parts) {
    return new SpringApplicationBuilder(parts)
        .sources(CommandPostgres.class, Keyset.class)
        .web(WebApplicationType.NONE)
        .logStartupInfo(false)
        .registerShutdownHook(false)
        .run(settings.toArray(String[]::new));
  }

  /** No component of the service either. */
  static final class Keyset {

    @Bean
    Path keysetFile(@Value("${postrider.keyset-file}") String file) {
      return Path.of(file);
    }

    @Bean
    @Lazy
    ChainKey chainKey(Path keysetFile) {
      return ChainKey.open(keysetFile);
    }
  }
}
