// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A main class on this test's class path, in a JVM of its own with limits of its own. */
public final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final Path output;

  /** Starts it; its output goes to a file. */
  public ChildJvm(int openFiles, List<String> options, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", "ulimit -n " + openFiles + " && exec \"$@\"", "sh"));
    command.add(tool("java"));
    command.addAll(options);
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath()));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    output = Files.createTempFile(Path.of("target"), main.getSimpleName(), ".log");
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** All it wrote, once it has ended. */
  public List<String> finalOutput() throws IOException, InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still running after 30 s: see " + output);
    }
    return Files.readAllLines(output);
  }

  /** Bytes of live objects, after a full collection. */
  long liveHeap() {
    try {
      Process jcmd =
          new ProcessBuilder(tool("jcmd"), process.pid() + "", "GC.class_histogram").start();
      String total = jcmd.inputReader().lines().reduce((_, last) -> last).orElseThrow();
      return Long.parseLong(total.strip().split("\\s+")[2]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long openFiles() {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
