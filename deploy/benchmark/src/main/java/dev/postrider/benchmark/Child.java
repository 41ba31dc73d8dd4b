// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.local.process.Java;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A process of our own that is spoken to by lines, and ends with whoever started it. */
final class Child implements AutoCloseable {

  private final Process process;
  private final BufferedReader answers;
  private final Writer commands;

  private Child(Process process) {
    this.process = process;
    this.answers = process.inputReader(UTF_8);
    this.commands = process.outputWriter(UTF_8);
  }

  static Child start(Class<?> main, List<String> options, List<?> arguments) {
    return start(List.of(), main, options, arguments);
  }

  /**
   * The same by means of another program.
   *
   * @param by that program and its arguments
   */
  static Child start(List<String> by, Class<?> main, List<String> options, List<?> arguments) {
    var words = new ArrayList<String>();
    arguments.forEach(argument -> words.add(argument.toString()));
    var builder =
        new Java(Optional.empty())
            .mainClass(main.getSimpleName(), options, main, words.toArray(String[]::new))
            .redirectError(Redirect.INHERIT);
    builder.command().addAll(0, by);
    try {
      return new Child(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(main.getSimpleName() + " cannot be started", e);
    }
  }

  /** One line out, one line back. */
  synchronized String ask(String command) {
    try {
      commands.write(command + "\n");
      commands.flush();
      return answer();
    } catch (IOException e) {
      throw new UncheckedIOException("a part of the benchmark has ended", e);
    }
  }

  /** The next line it prints. */
  String answer() {
    try {
      var line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("a part of the benchmark has ended: see above");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException("a part of the benchmark has ended", e);
    }
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
