// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.access.Caller;
import dev.postrider.api.audit.AuditTrail.Author;
import dev.postrider.api.outbox.Outbox;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.DestinationStatus;
import dev.postrider.model.event.TimeOrderedUuid;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Changes destinations: the row, its audit entry and its snapshot for the worker in one
 * transaction, and no answer before Kafka has the snapshot. So an event that is published after the
 * answer finds the destination as it was answered.
 */
@Component
final class DestinationChanges {

  private final TenantTransactions transactions;
  private final Destinations destinations;
  private final SigningKeys keys;
  private final ChangeLog log;
  private final Outbox outbox;
  private final Clock clock;
  private final SecureRandom random;

  DestinationChanges(
      TenantTransactions transactions,
      Destinations destinations,
      SigningKeys keys,
      ChangeLog log,
      Outbox outbox,
      Clock clock,
      SecureRandom random) {
    this.transactions = transactions;
    this.destinations = destinations;
    this.keys = keys;
    this.log = log;
    this.outbox = outbox;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Who wants a change.
   *
   * @param request the request's id, for the audit trail
   * @param ifMatch the ETag that the caller saw (RFC 9110 §13.1.1); null for any
   */
  record Order(Caller caller, String request, @Nullable String ifMatch) {

    Author author() {
      return Author.of(caller, request);
    }
  }

  /** How new settings come from the stored ones. */
  interface Revision {
    Mono<SettingsReader.Judged> of(StoredDestination before);
  }

  private record Written(StoredDestination stored, Outbox.Entry entry) {}

  Mono<StoredDestination> create(Order order, SettingsReader.Judged judged) {
    Instant now = now();
    DestinationId id = new DestinationId(TimeOrderedUuid.random(now, random));
    Settings settings = judged.settings();
    StoredDestination created =
        new StoredDestination(
            id,
            order.caller().tenant(),
            1,
            status(settings),
            judged.caution(),
            settings.document(),
            keys.choose(settings, order.caller().tenant(), id, SigningKeys.Current.NONE),
            now,
            now);
    var change = new ChangeLog.Change("created", null, created, Snapshots.of(created, settings));
    return write(
        order,
        database -> destinations.insert(database, created).then(logged(database, order, change)));
  }

  /** Changes the settings; an order with an outdated {@code If-Match} gets a 412. */
  Mono<StoredDestination> revise(Order order, DestinationId id, String action, Revision revision) {
    return write(
        order,
        database ->
            destinations
                .lock(database, order.caller().tenant(), id)
                .doOnNext(before -> refuseOutdated(order, before))
                .flatMap(before -> revise(database, order, before, action, revision)));
  }

  private Mono<Written> revise(
      DatabaseClient database,
      Order order,
      StoredDestination before,
      String action,
      Revision revision) {
    return revision
        .of(before)
        .flatMap(
            judged -> {
              StoredDestination after = revised(before, judged);
              var snapshot = Snapshots.of(after, judged.settings());
              var change = new ChangeLog.Change(action, before, after, snapshot);
              return destinations.update(database, after).then(logged(database, order, change));
            });
  }

  /** Off stays off for the reason that it had. */
  private StoredDestination revised(StoredDestination before, SettingsReader.Judged judged) {
    Settings settings = judged.settings();
    boolean staysOff = !settings.enabled() && before.switchedOffByUs();
    return before.revised(
        staysOff ? before.status() : status(settings),
        staysOff ? before.statusReason() : judged.caution(),
        settings.document(),
        keys.choose(settings, before.tenant(), before.id(), before.key()),
        now());
  }

  Mono<Void> delete(Order order, DestinationId id) {
    return write(
            order,
            database ->
                destinations
                    .lock(database, order.caller().tenant(), id)
                    .doOnNext(before -> refuseOutdated(order, before))
                    .flatMap(before -> delete(database, order, before)))
        .then();
  }

  private Mono<Written> delete(DatabaseClient database, Order order, StoredDestination before) {
    var change = new ChangeLog.Change("deleted", before, null, null);
    return destinations.delete(database, before).then(logged(database, order, change));
  }

  private Mono<Written> logged(DatabaseClient database, Order order, ChangeLog.Change change) {
    return log.write(database, order.author(), change)
        .map(entry -> new Written(change.subject(), entry));
  }

  private interface Work {
    Mono<Written> in(DatabaseClient database);
  }

  private Mono<StoredDestination> write(Order order, Work work) {
    return transactions.within(order.caller().tenant(), work::in).flatMap(this::published);
  }

  private Mono<StoredDestination> published(Written written) {
    StoredDestination stored = written.stored();
    return outbox
        .published(written.entry())
        .thenReturn(stored)
        .onErrorMap(e -> storedOnly(stored, e));
  }

  /** The body carries the resource, since this is the only answer that can show its key. */
  private static Problem storedOnly(StoredDestination stored, Throwable cause) {
    String detail =
        "the change is stored and will be published when Kafka is back;"
            + " do not repeat it, it takes effect then";
    return Problem.unavailable(detail, cause)
        .with("resource", stored.answer())
        .at(URI.create("/api/v1/integrations/destinations/" + stored.id()));
  }

  private static void refuseOutdated(Order order, StoredDestination before) {
    String wanted = order.ifMatch();
    if (wanted != null && !wanted.equals("*") && !tags(wanted).contains(before.etag())) {
      throw Problem.of(
          HttpStatus.PRECONDITION_FAILED,
          "the destination has changed since: its ETag is %s, If-Match was %s"
              .formatted(before.etag(), wanted));
    }
  }

  /** A list of strong tags; ours have no comma in them. */
  private static List<String> tags(String ifMatch) {
    return Stream.of(ifMatch.split(",")).map(String::strip).toList();
  }

  private static DestinationStatus status(Settings settings) {
    return settings.enabled() ? DestinationStatus.ACTIVE : DestinationStatus.DISABLED;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS); // what PostgreSQL keeps
  }
}
