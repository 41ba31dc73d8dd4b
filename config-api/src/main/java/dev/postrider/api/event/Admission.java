// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.event;

import dev.postrider.api.catalogue.EventCheck;
import dev.postrider.api.limit.Rates;
import dev.postrider.api.limit.TenantLimits;
import dev.postrider.api.limit.Tenants;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.TenantId;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Whether events keep to their tenant's limits and, where that is wanted, to their types' schemas.
 */
@Component
final class Admission {

  private final Tenants tenants;
  private final Rates rates;
  private final EventCheck check;

  Admission(Tenants tenants, Rates rates, EventCheck check) {
    this.tenants = tenants;
    this.rates = rates;
    this.check = check;
  }

  /** Fails with a 413, a 429 or a 400. */
  Mono<Void> of(TenantId tenant, List<EventDraft> events, boolean batch) {
    return tenants
        .limits(tenant)
        .doOnNext(limits -> refuseTooLarge(events, limits.payloadBytes(), batch))
        .doOnNext(limits -> refuseTooMany(tenant, events.size(), limits))
        .then(check.check(tenant, events, batch));
  }

  private static void refuseTooLarge(List<EventDraft> events, int most, boolean batch) {
    for (int index = 0; index < events.size(); index++) {
      int length = events.get(index).payload().length();
      if (length > most) {
        throw Problem.of(
            HttpStatus.CONTENT_TOO_LARGE,
            "the data of an event must have at most %d bytes: %s had %d"
                .formatted(most, batch ? "[" + index + "]" : "it", length));
      }
    }
  }

  /** A batch of the largest size is let through at once, whatever the rate. */
  private void refuseTooMany(TenantId tenant, int count, TenantLimits limits) {
    int perSecond = limits.eventsPerSecond();
    int burst = Math.max(perSecond, Publishing.MOST_EVENTS);
    rates.spend(new Rates.Rate("events of " + tenant, perSecond, burst), count);
  }
}
