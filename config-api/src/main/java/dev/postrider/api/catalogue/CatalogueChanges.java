// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import dev.postrider.api.access.Caller;
import dev.postrider.api.audit.AuditTrail;
import dev.postrider.api.audit.AuditTrail.Author;
import dev.postrider.api.limit.Tenants;
import dev.postrider.api.problem.Preconditions;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.event.TimeOrderedUuid;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Changes the catalogue: the row and its audit entry in one transaction. */
@Component
final class CatalogueChanges {

  private static final int MOST_VERSIONS = 100;

  private final Catalogue catalogue;
  private final Tenants tenants;
  private final TenantTransactions transactions;
  private final AuditTrail audit;
  private final Clock clock;
  private final SecureRandom random;

  CatalogueChanges(
      Catalogue catalogue,
      Tenants tenants,
      TenantTransactions transactions,
      AuditTrail audit,
      Clock clock,
      SecureRandom random) {
    this.catalogue = catalogue;
    this.tenants = tenants;
    this.transactions = transactions;
    this.audit = audit;
    this.clock = clock;
    this.random = random;
  }

  Mono<CatalogueEntry> create(Caller caller, ServerWebExchange exchange, ObjectNode settings) {
    Instant now = now();
    CatalogueEntry entry =
        CatalogueEntry.begun(caller.tenant(), TimeOrderedUuid.random(now, random), settings, now);
    return transactions.within(
        caller.tenant(),
        database ->
            tenants
                .ensure(database, caller.tenant())
                .then(catalogue.insert(database, entry))
                .then(record(database, Author.of(caller, exchange), "created", null, entry))
                .thenReturn(entry));
  }

  /** A 404 for none of that name, a 412 when {@code If-Match} is not its tag any more. */
  Mono<CatalogueEntry> revise(
      Caller caller, ServerWebExchange exchange, String name, UnaryOperator<ObjectNode> revision) {
    return transactions.within(
        caller.tenant(),
        database ->
            locked(database, caller, exchange, name)
                .flatMap(
                    before -> revise(database, before, revision, Author.of(caller, exchange))));
  }

  private Mono<CatalogueEntry> revise(
      DatabaseClient database,
      CatalogueEntry before,
      UnaryOperator<ObjectNode> revision,
      Author author) {
    CatalogueEntry after = before.changed(revision.apply(before.settings()), now());
    if (after.version() > MOST_VERSIONS) {
      throw Problem.of(HttpStatus.CONFLICT, "an event type has at most 100 versions");
    }
    return catalogue
        .update(database, after)
        .then(record(database, author, "updated", before, after))
        .thenReturn(after);
  }

  Mono<Void> delete(Caller caller, ServerWebExchange exchange, String name) {
    return transactions.within(
        caller.tenant(),
        database ->
            locked(database, caller, exchange, name)
                .delayUntil(before -> catalogue.delete(database, before))
                .flatMap(
                    before ->
                        record(database, Author.of(caller, exchange), "deleted", before, null)));
  }

  private Mono<CatalogueEntry> locked(
      DatabaseClient database, Caller caller, ServerWebExchange exchange, String name) {
    return catalogue
        .lock(database, caller.tenant(), name)
        .doOnNext(before -> Preconditions.check("event type", exchange, before.etag()));
  }

  private Mono<Void> record(
      DatabaseClient database,
      Author author,
      String action,
      @Nullable CatalogueEntry before,
      @Nullable CatalogueEntry after) {
    CatalogueEntry subject = after == null ? Objects.requireNonNull(before) : after;
    return audit.record(
        database,
        subject.tenant(),
        author,
        new AuditTrail.Change(
            "event_type." + action,
            "event_type",
            subject.name(),
            before == null ? null : before.settings(),
            after == null ? null : after.settings()));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS); // what PostgreSQL keeps
  }
}
