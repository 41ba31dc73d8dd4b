// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.local.Home;
import dev.postrider.local.LocalStack;
import dev.postrider.local.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Broker and database on a small disk that fills up. Mounts one, so it must run as root. */
@Tag("soak")
class DiskFullIT {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String PADDING = "x".repeat(50_000);

  private Path directory;
  private Path disk;

  @BeforeEach
  void mountSmallDisk() throws Exception {
    directory = Files.createTempDirectory("small-disk");
    disk = Files.createDirectory(directory.resolve("data"));
    disk.toFile().setExecutable(true, false);
    directory.toFile().setExecutable(true, false);
    assumeThat(run("mount", "-t", "tmpfs", "-o", "size=700m,mode=755", "tmpfs", disk.toString()))
        .as("may mount")
        .isZero();
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", "--lazy", disk.toString());
  }

  @Test
  void k24PromisesNothingWhileTheDiskIsFullAndKeepsWhatItPromisedBefore() throws Exception {
    Home home = Home.of(Path.of("../..")).at(directory);
    Settings settings = Settings.onFreePorts(home).with("POSTRIDER_EGRESS_ALLOW", "127.0.0.1/32");
    try (LocalStack stack = LocalStack.start(settings);
        Ledger ledger = new Ledger()) {
      Api api = new Api(stack, "acme");
      api.createDestination(ledger.url(), "");
      Set<Integer> promised = new HashSet<>();
      for (int number = -20; number < 0; number++) {
        assertThat(publish(api, number)).isEqualTo(202);
        promised.add(number);
      }
      Path filler = fill();
      int refused = publishUntilRefused(api, promised);
      assertThat(refused).isEqualTo(503);

      Files.delete(filler);
      stack.restore();

      await().atMost(LONG).untilAsserted(() -> assertThat(arrived(ledger)).containsAll(promised));
      await().atMost(LONG).until(() -> publish(api, 1_000_000) == 202);
      System.out.println("disk full: refused after " + promised.size() + " events, lost 0");
    }
  }

  private static int publishUntilRefused(Api api, Set<Integer> promised) {
    Instant end = Instant.now().plus(LONG);
    for (int number = 0; Instant.now().isBefore(end); number++) {
      int status = publish(api, number);
      if (status != 202) {
        return status;
      }
      promised.add(number);
    }
    throw new AssertionError("a full disk took " + promised.size() + " events");
  }

  private static int publish(Api api, int number) {
    String event = "{\"type\":\"a.b\",\"data\":[%d,\"%s\"]}".formatted(number, PADDING);
    return api.publish("application/json", event).status();
  }

  private static Set<Integer> arrived(Ledger ledger) {
    Set<Integer> numbers = new HashSet<>();
    for (Ledger.Line line : ledger.lines()) {
      numbers.add(Integer.valueOf(line.text().substring(1, line.text().indexOf(','))));
    }
    return numbers;
  }

  private Path fill() throws IOException {
    Path filler = disk.resolve("filler");
    byte[] block = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      return filler;
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
