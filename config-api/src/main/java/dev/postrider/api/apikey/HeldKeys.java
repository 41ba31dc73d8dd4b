// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.apikey;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.api.access.Caller;
import dev.postrider.api.access.KeyHolders;
import dev.postrider.api.access.Role;
import dev.postrider.api.limit.Rates;
import dev.postrider.api.tenant.PostgresPresence;
import dev.postrider.api.tenant.Remembered;
import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Secret;
import io.r2dbc.spi.Readable;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Who shows a key, and whether it still counts. What PostgreSQL said holds for two seconds, so a
 * revoked key is refused everywhere before five are over; while PostgreSQL is away, keys that were
 * shown in the ten minutes before go on.
 */
@Component
final class HeldKeys implements KeyHolders {

  /** Looking up what is not known: more than that is guessing. */
  private static final int GUESSES = 20;

  private final SystemTransactions transactions;
  private final KeyUses uses;
  private final Rates rates;
  private final Clock clock;
  private final Remembered<UUID, Optional<Held>> held;

  HeldKeys(
      SystemTransactions transactions,
      PostgresPresence postgres,
      KeyUses uses,
      Rates rates,
      Clock clock) {
    this.transactions = transactions;
    this.uses = uses;
    this.rates = rates;
    this.clock = clock;
    this.held = new Remembered<>(postgres, this::ask);
  }

  private record Held(TenantId tenant, List<Role> roles, Secret hash, @Nullable Instant expiresAt) {

    boolean counts(KeyText shown, Instant now) {
      return hash.equals(shown.hash()) && (expiresAt == null || now.isBefore(expiresAt));
    }
  }

  @Override
  public Mono<Caller> holder(String key, String address) {
    return Mono.justOrEmpty(KeyText.parse(key))
        .doOnNext(shown -> refuseGuesses(shown, address))
        .flatMap(shown -> held.of(shown.id()).flatMap(found -> judged(shown, found)));
  }

  /** Keys that are known cost nothing, whoever else sends from the same address. */
  private void refuseGuesses(KeyText shown, String address) {
    Optional<Held> known = held.last(shown.id());
    if (known == null || known.isEmpty()) {
      rates.spend(Rates.Rate.of("unknown keys from " + address, GUESSES), 1);
    }
  }

  private Mono<Caller> judged(KeyText shown, Optional<Held> found) {
    Instant now = clock.instant();
    return Mono.justOrEmpty(found)
        .filter(key -> key.counts(shown, now))
        .doOnNext(_ -> uses.note(shown.id(), now))
        .map(
            key ->
                new Caller(
                    Caller.Kind.API_KEY,
                    ApiKey.text(shown.id()),
                    key.tenant(),
                    Set.copyOf(key.roles())));
  }

  private Mono<Optional<Held>> ask(UUID id) {
    return transactions.within(
        database ->
            database
                .sql("select tenant, roles, hash, expires_at from api_keys where id = :id")
                .bind("id", id)
                .map(HeldKeys::read)
                .one()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty()));
  }

  private static Held read(Readable row) {
    return new Held(
        new TenantId(required(row, "tenant", String.class)),
        ApiKeys.roles(row),
        Secret.of(required(row, "hash", byte[].class)),
        row.get("expires_at", Instant.class));
  }
}
