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

  /**
   * JVM flags. Modest: a laptop runs several; but 100,000 destinations need 160 MiB that last, and
   * what is not for the young must hold them easily. All of the heap from the start, or the young
   * get a third of less. What survives twice is remembered, and need not be copied on; small
   * headers and huge pages keep more of it in the processor's caches.
   */
  public static final List<String> OPTIONS =
      List.of(
          "-Xmx768m",
          "-XX:InitialRAMPercentage=100",
          "-XX:+UseSerialGC",
          "-XX:MaxTenuringThreshold=2",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+UseTransparentHugePages");

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
  public Launch launch(String part, List<String> options, Map<String, String> environment) {
    return () -> command(part, options, environment);
  }

  private ProcessBuilder command(String part, List<String> options, Map<String, String> environment)
      throws IOException {
    var all = new ArrayList<>(OPTIONS);
    all.addAll(options);
    var builder = Java.jar(part, all, jar.unpacked());
    builder.environment().putAll(environment);
    return builder;
  }
}
