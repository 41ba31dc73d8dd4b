// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Runs a program to its end. */
public final class Tool {

  private Tool() {}

  /** Gives the program the input, and fails with what it printed unless it ends with status 0. */
  public static void run(ProcessBuilder builder, String input) throws IOException {
    var process = builder.redirectErrorStream(true).start();
    try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
      stdin.write(input);
    }
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var status = status(process);
    if (status != 0) {
      throw new IOException(
          "%s ended with status %d: %s".formatted(builder.command(), status, printed.strip()));
    }
  }

  private static int status(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
