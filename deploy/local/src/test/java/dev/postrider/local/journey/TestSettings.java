// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import dev.postrider.local.Home;
import dev.postrider.local.Settings;
import java.nio.file.Path;

/** Settings of stacks that tests start. */
final class TestSettings {

  /** A JVM that lives for a minute does not get back what its second compiler takes. */
  static final String QUICK_JVM = "-XX:TieredStopAtLevel=1";

  /** Tests look and look again; how a caller is slowed down is shown elsewhere. */
  private static final String AS_OFTEN_AS_ONE_LIKES =
      " -Dpostrider.tenant-limits.requests-per-second=100000";

  private TestSettings() {}

  /** A stack in that directory, on ports of its own, whose receivers are on this machine. */
  static Settings in(Path directory) {
    return withJavaOptions(
        Settings.onFreePorts(Home.of(Path.of("../..")).at(directory))
            .with("POSTRIDER_EGRESS_ALLOW", "127.0.0.1/32"),
        "");
  }

  /** The same, with more options for the services' JVMs, separated by blanks. */
  static Settings withJavaOptions(Settings settings, String more) {
    String options = QUICK_JVM + " " + more;
    return settings
        .with("POSTRIDER_API_JAVA_OPTS", options + AS_OFTEN_AS_ONE_LIKES)
        .with("POSTRIDER_WORKER_JAVA_OPTS", options);
  }
}
