// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.apikey;

import dev.postrider.api.tenant.SystemTransactions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** When each key was used last, written down every two seconds for all of them at once. */
@Component
final class KeyUses {

  private static final Logger LOG = LoggerFactory.getLogger(KeyUses.class);
  private static final long WRITE_EVERY = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Map<UUID, Instant> noted = new ConcurrentHashMap<>();
  private final SystemTransactions transactions;

  KeyUses(SystemTransactions transactions) {
    this.transactions = transactions;
  }

  void note(UUID key, Instant now) {
    noted.put(key, now);
  }

  /** What cannot be written is written the next time. Spring asks for this once. */
  @Scheduled(fixedDelay = WRITE_EVERY)
  Mono<Void> write() {
    return Mono.fromSupplier(() -> Map.copyOf(noted))
        .filter(uses -> !uses.isEmpty())
        .flatMap(this::write);
  }

  private Mono<Void> write(Map<UUID, Instant> uses) {
    return transactions
        .within(database -> write(database, uses))
        .timeout(PATIENCE)
        .doOnSuccess(_ -> uses.forEach(noted::remove))
        .doOnError(e -> LOG.warn("uses of API keys wait to be written: {}", e.toString()))
        .onErrorComplete();
  }

  private static Mono<Void> write(DatabaseClient database, Map<UUID, Instant> uses) {
    return database
        .sql(
            """
            update api_keys set last_used_at = greatest(last_used_at, use.at)
            from unnest(:ids, :times) as use (id, at) where api_keys.id = use.id
            """)
        .bind("ids", uses.keySet().toArray(UUID[]::new))
        .bind("times", uses.values().toArray(Instant[]::new))
        .then();
  }
}
