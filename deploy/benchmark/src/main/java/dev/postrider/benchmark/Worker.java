// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.local.process.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A delivery-worker's process, seen from outside. */
record Worker(Running process) {

  /** One line with G1, one for each generation with the others. */
  private static final Pattern USED = Pattern.compile("total .*used (\\d+)K");

  Instant startedAt() {
    return ProcessHandle.of(process.pid()).orElseThrow().info().startInstant().orElseThrow();
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

  /** Heap in use after a full collection, in MiB. */
  double heapMib() {
    jcmd("GC.run");
    return USED.matcher(jcmd("GC.heap_info"))
            .results()
            .mapToLong(used -> Long.parseLong(used.group(1)))
            .sum()
        / 1024.0;
  }

  /** Writes what it has recorded of itself so far; one that is hurried to its end would not. */
  void writeRecording(Path file) {
    var answer = jcmd("JFR.dump", "filename=" + file);
    if (!answer.contains("Dumped recording")) {
      throw new IllegalStateException("the worker has written no recording: " + answer);
    }
  }

  private String jcmd(String... words) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(process.pid()));
    command.addAll(List.of(words));
    try {
      var output = new ProcessBuilder(command).redirectErrorStream(true).start().getInputStream();
      return new String(output.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run jcmd", e);
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
