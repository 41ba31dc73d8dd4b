// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes the days' partitions of deliveries and attempts before they are needed, and drops those of
 * days that are older than what is kept.
 */
@Component
class Partitions {

  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

  /** Days before the one that was forgotten, too: what has ended of them since. */
  private static final List<String> ENDED =
      List.of(
          """
          delete from attempts attempt using deliveries ended
          where ended.created_at < (:day::date + 1) at time zone 'UTC'
            and ended.state in ('delivered', 'failed', 'cancelled')
            and attempt.created_at < (:day::date + 1) at time zone 'UTC'
            and attempt.created_at = ended.created_at and attempt.delivery_id = ended.id
          """,
          """
          delete from deliveries
          where created_at < (:day::date + 1) at time zone 'UTC'
            and state in ('delivered', 'failed', 'cancelled')
          """,
          """
          delete from delivery_counts
          where day <= :day::date and state in ('delivered', 'failed', 'cancelled')
          """);

  private final SystemTransactions transactions;
  private final Duration kept;

  Partitions(SystemTransactions transactions, RetentionSettings settings) {
    this.transactions = transactions;
    this.kept = settings.retention();
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

  /** Hourly, a day in each transaction, until none is left. */
  @Scheduled(cron = "0 37 * * * *")
  Mono<Void> forget() {
    return transactions
        .within(this::forgetDay)
        .doOnNext(day -> LOG.info("deliveries of {} are forgotten", day))
        .delayUntil(day -> transactions.within(database -> forgetEnded(database, day)))
        .flatMap(_ -> forget())
        .doOnError(e -> LOG.warn("no day could be forgotten, will try again: {}", e.toString()))
        .onErrorComplete();
  }

  private Mono<LocalDate> forgetDay(DatabaseClient database) {
    return database
        .sql("select forget_day(:kept::interval) as day")
        .bind("kept", kept.toString())
        .map(row -> Optional.ofNullable(row.get("day", LocalDate.class)))
        .one()
        .flatMap(Mono::justOrEmpty);
  }

  /** What had not ended when its day was forgotten, and has since; and the numbers of the day. */
  private static Mono<Void> forgetEnded(DatabaseClient database, LocalDate day) {
    return Flux.fromIterable(ENDED)
        .concatMap(statement -> database.sql(statement).bind("day", day).fetch().rowsUpdated())
        .then();
  }
}
