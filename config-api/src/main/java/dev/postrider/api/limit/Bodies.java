// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.limit;

import dev.postrider.api.access.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Who may still read payloads and what receivers answered: neither auditors, nor anybody once the
 * tenant's time for it is over. Deliveries and replays go on all the same.
 */
@Component
public final class Bodies {

  private final Tenants tenants;
  private final Clock clock;

  Bodies(Tenants tenants, Clock clock) {
    this.tenants = tenants;
    this.clock = clock;
  }

  /** By the time of the event. */
  public Mono<Predicate<Instant>> shownTo(Caller caller) {
    return caller.seesNoBodies()
        ? Mono.just(_ -> false)
        : tenants
            .limits(caller.tenant())
            .map(limits -> event -> limits.shows(event, clock.instant()));
  }
}
