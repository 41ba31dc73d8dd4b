// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.local.process.Running;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalEnvTest {

  private static final Settings SETTINGS =
      Settings.of(Home.of(Path.of("/checkout")), Map.of("POSTRIDER_API_PORT", "9090"));

  @Test
  void namesEveryProcess() {
    var running =
        List.of(
            running("kafka", 3, 19092),
            running("worker-2", 6, 8083),
            running("worker-1", 5, 8082),
            running("config-api", 4, 9090));
    assertThat(LocalEnv.of(SETTINGS, running).lines())
        .contains(
            "POSTRIDER_API='http://127.0.0.1:9090'",
            "POSTRIDER_WORKER_MANAGEMENT='http://127.0.0.1:8082,http://127.0.0.1:8083'",
            "POSTRIDER_PIDS='config-api=4,worker-1=5,worker-2=6,kafka=3'");
  }

  @Test
  void quotesForTheShell() {
    var settings = SETTINGS.with("POSTRIDER_POSTGRES", "postgresql://u:it's@db/x");
    assertThat(LocalEnv.of(settings, List.of()).lines())
        .contains("POSTRIDER_POSTGRES='postgresql://u:it'\\''s@db/x'");
  }

  private static Running running(String part, long pid, int port) {
    return new Running(part, pid, Instant.EPOCH, port);
  }
}
