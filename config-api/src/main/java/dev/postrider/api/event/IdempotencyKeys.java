// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.event;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.api.tenant.TenantTransactions;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What was answered under which key, for a day. */
@Component
final class IdempotencyKeys {

  private static final Logger LOG = LoggerFactory.getLogger(IdempotencyKeys.class);
  private static final Duration KEPT = Duration.ofDays(1);
  private static final int FORGET_EVERY = 600_000; // milliseconds

  /** One that has expired is as good as new. */
  private static final String BEGIN =
      """
      insert into idempotency_keys as held (tenant, key_hash, request_hash, created_at)
      values (:tenant, :key, :request, :now)
      on conflict (tenant, key_hash) do update set
        request_hash = case when held.created_at < :oldest
          then excluded.request_hash else held.request_hash end,
        answer = case when held.created_at < :oldest then null else held.answer end,
        created_at = case when held.created_at < :oldest
          then excluded.created_at else held.created_at end
      returning request_hash, created_at, answer::text as answer
      """;

  /** Of two that were under way at once, both get the answer of the first. */
  private static final String SETTLE =
      """
      update idempotency_keys set answer = coalesce(answer, :answer)
      where tenant = :tenant and key_hash = :key and created_at = :first
      returning answer::text as answer
      """;

  private final TenantTransactions transactions;
  private final SystemTransactions system;
  private final Clock clock;

  IdempotencyKeys(TenantTransactions transactions, SystemTransactions system, Clock clock) {
    this.transactions = transactions;
    this.system = system;
    this.clock = clock;
  }

  /**
   * A use of a key.
   *
   * @param first when the first request came
   * @param answer of it; null when none was given yet
   */
  record Use(Instant first, @Nullable String answer) {}

  /** Notes the key, if it is new; a 422 when it was used for another request. */
  Mono<Use> begin(IdempotencyKey key) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return transactions.within(
        key.tenant(),
        database ->
            database
                .sql(BEGIN)
                .bind("tenant", key.tenant().value())
                .bind("key", key.key())
                .bind("request", key.request())
                .bind("now", now)
                .bind("oldest", now.minus(KEPT))
                .map(row -> use(row, key))
                .one());
  }

  private static Use use(Readable row, IdempotencyKey key) {
    if (!required(row, "request_hash", ByteBuffer.class).equals(key.request())) {
      throw Problem.of(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "this Idempotency-Key was used for another request within the last 24 hours");
    }
    return new Use(required(row, "created_at", Instant.class), row.get("answer", String.class));
  }

  /** Notes the answer, and answers the one that counts. */
  Mono<String> settle(IdempotencyKey key, Use use, String answer) {
    return transactions.within(
        key.tenant(),
        database ->
            database
                .sql(SETTLE)
                .bind("tenant", key.tenant().value())
                .bind("key", key.key())
                .bind("first", use.first())
                .bind("answer", Json.of(answer))
                .map(row -> required(row, "answer", String.class))
                .one()
                .defaultIfEmpty(answer)); // forgotten meanwhile
  }

  @Scheduled(fixedDelay = FORGET_EVERY)
  void forget() {
    system
        .within(
            database ->
                database
                    .sql("delete from idempotency_keys where created_at < :oldest")
                    .bind("oldest", clock.instant().minus(KEPT))
                    .then())
        .subscribe(_ -> {}, e -> LOG.debug("keys are forgotten later: {}", e.toString()));
  }
}
