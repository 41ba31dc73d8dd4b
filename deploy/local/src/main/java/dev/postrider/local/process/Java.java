// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines for further JVMs on the JDK of this one. */
public final class Java {

  private static final Path EXECUTABLE = Path.of(System.getProperty("java.home"), "bin", "java");

  private Java() {}

  /** {@code java <words>}. */
  public static ProcessBuilder command(List<String> words) {
    var command = new ArrayList<String>(words.size() + 1);
    command.add(EXECUTABLE.toString());
    command.addAll(words);
    return new ProcessBuilder(command);
  }

  /** Runs a main class of the launcher's own class path. */
  public static ProcessBuilder mainClass(List<String> options, String main, List<String> words) {
    var all = new ArrayList<>(options);
    all.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    all.addAll(words);
    return command(all);
  }
}
