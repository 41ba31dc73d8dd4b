// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import dev.postrider.worker.intake.DispatchIntake;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Ready means: the loop that serves deliveries runs. */
@Component("intake")
final class ReadinessContributor implements HealthIndicator {

  private final DispatchIntake intake;

  ReadinessContributor(DispatchIntake intake) {
    this.intake = intake;
  }

  @Override
  public Health health() {
    return intake.running() ? Health.up().build() : Health.down().build();
  }
}
