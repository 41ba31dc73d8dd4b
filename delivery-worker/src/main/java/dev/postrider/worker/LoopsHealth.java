// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import dev.postrider.worker.directory.DirectoryFeed;
import dev.postrider.worker.intake.DispatchIntake;
import dev.postrider.worker.probe.Probes;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Alive and ready mean: the loops run that serve deliveries and probes and the directory. */
@Component("loops")
final class LoopsHealth implements HealthIndicator {

  private final DispatchIntake intake;
  private final DirectoryFeed feed;
  private final Probes probes;

  LoopsHealth(DispatchIntake intake, DirectoryFeed feed, Probes probes) {
    this.intake = intake;
    this.feed = feed;
    this.probes = probes;
  }

  @Override
  public Health health() {
    boolean running = intake.running() && feed.running() && probes.running();
    return running ? Health.up().build() : Health.down().build();
  }
}
