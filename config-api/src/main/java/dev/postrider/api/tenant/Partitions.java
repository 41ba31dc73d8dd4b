// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Makes the days' partitions of deliveries and attempts before they are needed. */
@Component
class Partitions {

  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

  private final SystemTransactions transactions;

  Partitions(SystemTransactions transactions) {
    this.transactions = transactions;
  }

  /** At start and hourly; a day that has none falls into the default partition, so a miss is ok. */
  @EventListener(ApplicationReadyEvent.class)
  @Scheduled(cron = "0 7 * * * *")
  Mono<Void> ensure() {
    return transactions
        .within(database -> database.sql("select ensure_partitions()").then())
        .doOnError(e -> LOG.warn("no partitions made ahead, will try again: {}", e.toString()))
        .onErrorComplete();
  }
}
