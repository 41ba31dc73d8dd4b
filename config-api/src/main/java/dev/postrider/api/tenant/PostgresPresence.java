// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import reactor.core.publisher.Mono;

/**
 * Whether PostgreSQL answers, for who can do without. A question waits a second at most; after one
 * that was in vain the next are in vain at once, for two seconds, while one of them at a time goes
 * and looks behind the asker's back.
 */
@Component
public final class PostgresPresence {

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration REMEMBERED = Duration.ofSeconds(2);

  private final InstantSource clock;
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile @Nullable Absence absence;

  PostgresPresence(InstantSource clock) {
    this.clock = clock;
  }

  private record Absence(Throwable fault, Instant until) {}

  Instant now() {
    return clock.instant();
  }

  /** The answer, or why there is none. */
  <T> Mono<T> ask(Mono<T> question) {
    return Mono.defer(
        () -> {
          Absence known = absence;
          return known == null || clock.instant().isAfter(known.until())
              ? noted(question)
              : Mono.<T>error(known.fault()).doFirst(() -> look(question));
        });
  }

  private <T> Mono<T> noted(Mono<T> question) {
    return question
        .timeout(PATIENCE)
        .doOnSuccess(_ -> absence = null)
        .doOnError(PostgresPresence::isOfPostgres, this::remember);
  }

  /** Whatever else goes wrong with one question says nothing of the next. */
  private static boolean isOfPostgres(Throwable fault) {
    return fault instanceof TimeoutException || fault instanceof CannotCreateTransactionException;
  }

  private void remember(Throwable fault) {
    absence = new Absence(fault, clock.instant().plus(REMEMBERED));
  }

  private void look(Mono<?> question) {
    if (looking.compareAndSet(false, true)) {
      noted(question).onErrorComplete().doFinally(_ -> looking.set(false)).subscribe();
    }
  }
}
