// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import dev.postrider.local.Settings.Variable;
import dev.postrider.local.process.Part;
import dev.postrider.local.process.Progress;
import dev.postrider.local.process.Running;
import java.io.PrintStream;
import java.time.Duration;

/** Tells a person at a terminal what happens, a line at a time. */
record Console(PrintStream out) implements Progress {

  @Override
  public void starting(Part part) {
    out.printf("  %-12s starting%n", part.name());
  }

  @Override
  public void ready(Part part, Duration after) {
    out.printf("  %-12s ready after %.1f s, port %d%n", part.name(), seconds(after), part.port());
  }

  @Override
  public void kept(Part part, Running running) {
    out.printf("  %-12s runs already, pid %d, port %d%n", part.name(), running.pid(), part.port());
  }

  @Override
  public void stopped(Running running, Duration after) {
    out.printf("  %-12s stopped after %.1f s%n", running.part(), seconds(after));
  }

  /** The addresses, and what to do with them. */
  void up(Settings settings, Duration after) {
    out.printf(
        """

        Postrider is up after %.1f s.

          REST and portal   %s
          API documentation %2$s/api/docs
          demo receiver     %s
          issuer            %s
          Kafka             %s
          PostgreSQL        %s
          all of it         . %s

        A token:   deploy/token acme tenant_admin     (or operator, auditor, publisher)
        A login:   admin@acme, password admin         (or operator, auditor; globex)
        """,
        seconds(after),
        settings.url(Variable.API),
        settings.url(Variable.RECEIVER),
        settings.issuer(),
        settings.kafka(),
        settings.postgres(),
        settings.home().localEnv());
  }

  void stay() {
    out.println("\nCtrl-C stops it.");
  }

  /** Starting it again is left to whoever killed it. */
  void died(Running running) {
    out.printf("  %-12s has died; deploy/up --detach starts it again%n", running.part());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
