// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.service;

import dev.postrider.local.process.Java;
import dev.postrider.local.process.Part.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of Postrider's services as its build left it; several processes may run it. */
public final class Service {

  /** Modest heaps, and nothing printed about what the libraries do on this JDK. */
  private static final List<String> OPTIONS =
      List.of(
          "-Xmx512m",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final BootJar jar;

  /**
   * A service that its build has left somewhere.
   *
   * @param module the Maven module with the jar in its target directory
   * @param programs where to unpack it
   */
  public Service(Path module, Path programs) {
    this.jar = new BootJar(module, programs);
  }

  /**
   * The way to start a process of this service.
   *
   * @param options further JVM flags, which win over the usual ones
   * @param environment added to the launcher's own
   */
  public Launch launch(List<String> options, Map<String, String> environment) {
    return () -> command(options, environment);
  }

  private ProcessBuilder command(List<String> options, Map<String, String> environment)
      throws IOException {
    var words = new ArrayList<>(OPTIONS);
    words.addAll(options);
    words.addAll(List.of("-jar", jar.unpacked().toString()));
    var builder = Java.command(words);
    builder.environment().putAll(environment);
    return builder;
  }
}
