// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.local.process.Java;
import dev.postrider.local.process.Progress;
import dev.postrider.local.process.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever starts a stack and is stopped in the middle leaves nothing behind. */
class StarterIT {

  @TempDir private Path directory;

  /** Starts the quickest part of a stack in that directory, and is in no hurry to stop it. */
  static void main(String[] arguments) throws InterruptedException {
    LocalStack.start(settings(Path.of(arguments[0])));
    System.out.println("started");
    Thread.sleep(Duration.ofMinutes(1));
  }

  private static Settings settings(Path directory) {
    return Settings.onFreePorts(Home.of(Path.of("../..")).at(directory))
        .without("kafka", "postgres", "issuer", "config-api", "worker");
  }

  @Test
  void takesItsPartsAlong() throws IOException, InterruptedException {
    Process starter =
        new Java(Optional.empty())
            .mainClass("starter", List.of(), StarterIT.class, directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(starter.inputReader().readLine()).isEqualTo("started");
    assertThat(parts()).extracting(Running::part).containsExactly("receiver");

    starter.destroy();
    starter.waitFor();
    assertThat(parts()).isEmpty();
  }

  private List<Running> parts() {
    return LocalStack.of(settings(directory), Progress.SILENT).running();
  }
}
