// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import dev.postrider.worker.directory.DirectoryFeed;
import dev.postrider.worker.intake.DispatchIntake;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Alive and ready mean: the loops that serve deliveries and keep the directory new run. */
@Component("loops")
final class LoopsHealth implements HealthIndicator {

  private final DispatchIntake intake;
  private final DirectoryFeed feed;

  LoopsHealth(DispatchIntake intake, DirectoryFeed feed) {
    this.intake = intake;
    this.feed = feed;
  }

  @Override
  public Health health() {
    boolean running = intake.running() && feed.running();
    return running ? Health.up().build() : Health.down().build();
  }
}
