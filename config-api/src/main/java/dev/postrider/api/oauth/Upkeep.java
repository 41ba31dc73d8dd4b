// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import dev.postrider.api.grant.Consents;
import dev.postrider.api.grant.Renewals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/** Looks every second for grants to be renewed, and forgets states that nobody brings back. */
@Component
final class Upkeep {

  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final int LOOK_EVERY = 1_000; // milliseconds
  private static final int FORGET_EVERY = 60_000; // milliseconds
  private static final int MOST_FOUND = 100;
  private static final int MOST_AT_ONCE = 16;

  private final Renewals renewals;
  private final Refresher refresher;
  private final Consents consents;

  Upkeep(Renewals renewals, Refresher refresher, Consents consents) {
    this.renewals = renewals;
    this.refresher = refresher;
    this.consents = consents;
  }

  /** Returns at once: an issuer that is slow holds up nobody else's. */
  @Scheduled(fixedDelay = LOOK_EVERY)
  void look() {
    renewals
        .due(MOST_FOUND)
        .flatMapMany(Flux::fromIterable)
        .flatMap(
            due -> refresher.refresh(due).doOnError(Upkeep::note).onErrorComplete(), MOST_AT_ONCE)
        .subscribe(_ -> {}, Upkeep::note);
  }

  @Scheduled(fixedDelay = FORGET_EVERY)
  void forget() {
    consents.forget().subscribe(_ -> {}, Upkeep::note);
  }

  private static void note(Throwable thrown) {
    LOG.debug("grants are looked after again in a moment: {}", thrown.toString());
  }
}
