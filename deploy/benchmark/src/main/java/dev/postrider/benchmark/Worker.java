// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.local.process.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A delivery-worker's process, seen from outside. */
record Worker(Running process) {

  /** User and system time since its start, in steps of 10 ms. */
  Duration cpu() {
    return info().totalCpuDuration().orElseThrow();
  }

  Instant startedAt() {
    return info().startInstant().orElseThrow();
  }

  private ProcessHandle.Info info() {
    return ProcessHandle.of(process.pid()).orElseThrow().info();
  }

  /**
   * Stops the process where it is, so that a backlog can grow before a worker that is warm. After
   * six seconds its consumers are given up for dead, and join anew when it goes on.
   */
  void freeze() {
    signal("STOP");
  }

  void thaw() {
    signal("CONT");
  }

  /** Memory that it really uses (VmRSS), in MiB. */
  double residentMib() {
    try (var lines = Files.lines(Path.of("/proc/%d/status".formatted(process.pid())))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("the worker's memory can be read on Linux only", e);
    }
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot signal the worker", e);
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    }
  }
}
