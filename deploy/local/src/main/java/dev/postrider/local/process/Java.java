// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts further JVMs on the JDK of this one.
 *
 * @param archives where a part, when it ends in good order, leaves the classes it has loaded, for a
 *     start in half the time (JEP 350); parts of an executable jar leave them beside it, always
 */
public record Java(Optional<Path> archives) {

  private static final Path EXECUTABLE = Path.of(System.getProperty("java.home"), "bin", "java");

  /** What every JVM here is told: the libraries may use what this JDK only warns about. */
  private static final List<String> QUIET =
      List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  /** A part's process from a main class of the launcher's own class path. */
  public ProcessBuilder mainClass(
      String part, List<String> options, Class<?> main, String... arguments) {
    return mainClass(part, options, main.getName(), arguments);
  }

  /** A part's process from a main class, known by name, of the launcher's own class path. */
  public ProcessBuilder mainClass(
      String part, List<String> options, String main, String... arguments) {
    var all = new ArrayList<>(options);
    archives
        .map(directory -> directory.resolve(part + ".jsa"))
        .map(Java::archive)
        .ifPresent(all::addAll);
    all.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    all.addAll(List.of(arguments));
    return run(all);
  }

  /** A part's process from an executable jar, in a directory that is renewed with it. */
  public static ProcessBuilder jar(String part, List<String> options, Path jar) throws IOException {
    var all = new ArrayList<>(options);
    all.addAll(archiveBeside(jar, part));
    all.addAll(List.of("-jar", jar.toString()));
    return run(all);
  }

  /** Its own, or what another part of the jar has left: whoever is killed each time leaves none. */
  private static List<String> archiveBeside(Path jar, String part) throws IOException {
    var own = jar.resolveSibling(part + ".jsa");
    if (Files.exists(own)) {
      return archive(own);
    }
    try (var others = Files.newDirectoryStream(jar.resolveSibling(""), "*.jsa")) {
      var other = others.iterator();
      return other.hasNext() ? given(other.next()) : archive(own);
    }
  }

  /** {@code java <words>}. */
  public static ProcessBuilder run(List<String> words) {
    var command = new ArrayList<String>();
    command.add(EXECUTABLE.toString());
    command.addAll(QUIET);
    command.addAll(words);
    return new ProcessBuilder(command);
  }

  /** Used if it fits; made, if not, when the process ends. */
  private static List<String> archive(Path file) {
    var options = new ArrayList<>(given(file));
    options.add("-XX:+AutoCreateSharedArchive");
    return options;
  }

  private static List<String> given(Path file) {
    return List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds=off", "-Xlog:aot=off");
  }
}
