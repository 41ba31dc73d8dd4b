// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

  @TempDir private Path directory;

  private Process sleeper;
  private Running running;
  private PidFile pids;

  @BeforeEach
  void startSleeper() throws IOException {
    sleeper = new ProcessBuilder("sleep", "60").start();
    running = Running.of("sleeper", sleeper.toHandle(), 1);
    pids = new PidFile(directory.resolve("pids"));
  }

  @AfterEach
  void endSleeper() {
    sleeper.destroyForcibly();
  }

  @Test
  void isEmptyAtFirst() throws IOException {
    assertThat(pids.alive()).isEmpty();
  }

  @Test
  void remembersBetweenCalls() throws IOException {
    pids.add(running);
    assertThat(new PidFile(directory.resolve("pids")).alive()).containsExactly(running);
  }

  @Test
  void remembersTheNewestProcessOfAPart() throws IOException {
    pids.add(new Running("sleeper", 1, running.startedAt(), 1));
    pids.add(running);
    assertThat(pids.alive("sleeper")).contains(running);
  }

  @Test
  void takesNoStrangerWithTheSamePidForItsOwn() throws IOException {
    var earlier = running.startedAt().minus(Duration.ofHours(1));
    pids.add(new Running("sleeper", running.pid(), earlier, 1));
    assertThat(pids.alive()).isEmpty();
  }

  @Test
  void forgetsTheDead() throws IOException, InterruptedException {
    pids.add(running);
    running.kill();
    pids.forgetDead();
    assertThat(directory.resolve("pids")).isEmptyFile();
  }

  @Test
  void endsProcessesThatDoNotListen() throws IOException, InterruptedException {
    var deaf = new ProcessBuilder("sh", "-c", "trap '' TERM INT; sleep 60").start();
    var stubborn = Running.of("deaf", deaf.toHandle(), 1);
    stubborn.end(Part.Signal.TERM, Duration.ofMillis(100));
    assertThat(stubborn.alive()).isFalse();
  }
}
