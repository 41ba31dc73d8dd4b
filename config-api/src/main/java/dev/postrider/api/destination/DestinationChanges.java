// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.access.Caller;
import dev.postrider.api.audit.AuditTrail.Author;
import dev.postrider.api.credential.CredentialSeal;
import dev.postrider.api.credential.Credentials;
import dev.postrider.api.destination.StoredDestination.Safekeeping;
import dev.postrider.api.destination.StoredDestination.Standing;
import dev.postrider.api.grant.Grant;
import dev.postrider.api.grant.Grants;
import dev.postrider.api.outbox.Outbox;
import dev.postrider.api.problem.Preconditions;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.settings.Settings;
import dev.postrider.api.settings.SettingsReader;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.DestinationStatus;
import dev.postrider.model.event.TimeOrderedUuid;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
  private final CredentialSeal seal;
  private final Grants grants;
  private final ChangeLog log;
  private final Outbox outbox;
  private final Clock clock;
  private final SecureRandom random;

  DestinationChanges(
      TenantTransactions transactions,
      Destinations destinations,
      SigningKeys keys,
      CredentialSeal seal,
      Grants grants,
      ChangeLog log,
      Outbox outbox,
      Clock clock,
      SecureRandom random) {
    this.transactions = transactions;
    this.destinations = destinations;
    this.keys = keys;
    this.seal = seal;
    this.grants = grants;
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

    /** Whatever its ETag is by now. */
    Order whatever() {
      return new Order(caller, request, null);
    }
  }

  /** How new settings come from the stored ones. */
  interface Revision {
    Mono<SettingsReader.Judged> of(StoredDestination before);
  }

  /** How what is kept beside the settings comes from what was. */
  interface Keeping {
    Safekeeping of(Settings settings, StoredDestination before, Instant now);
  }

  private record Written(StoredDestination stored, Outbox.Entry entry) {}

  Mono<StoredDestination> create(Order order, SettingsReader.Judged judged) {
    Instant now = now();
    DestinationId id = new DestinationId(TimeOrderedUuid.random(now, random));
    Settings settings = judged.settings();
    Standing standing = standing(judged, Permission.NONE);
    StoredDestination created =
        new StoredDestination(
            id,
            order.caller().tenant(),
            1,
            standing.status(),
            standing.reason(),
            settings.document(),
            keys.choose(settings, order.caller().tenant(), id, SigningKeys.Held.NONE),
            seal.seal(settings.authentication(), order.caller().tenant(), id, Credentials.NONE),
            null,
            Permission.NONE,
            grants.begun(id, settings.document().path("auth"), now),
            now,
            now);
    var change = new ChangeLog.Change("created", null, created, Snapshots.of(created, settings));
    return write(
        order,
        database -> destinations.insert(database, created).then(logged(database, order, change)));
  }

  /** Changes the settings; an order with an outdated {@code If-Match} gets a 412. */
  Mono<StoredDestination> revise(Order order, DestinationId id, String action, Revision revision) {
    return revise(order, id, action, revision, this::fitting);
  }

  /** The same, where what is kept beside the settings is what changes. */
  Mono<StoredDestination> revise(
      Order order, DestinationId id, String action, Revision revision, Keeping keeping) {
    return write(
        order,
        database ->
            destinations
                .lock(database, order.caller().tenant(), id)
                .doOnNext(before -> refuseOutdated(order, before))
                .flatMap(
                    before ->
                        revision
                            .of(before)
                            .map(judged -> revised(action, before, judged, keeping))
                            .flatMap(change -> update(database, order, change))));
  }

  private Mono<Written> update(DatabaseClient database, Order order, ChangeLog.Change change) {
    return destinations.update(database, change.subject()).then(logged(database, order, change));
  }

  /** Off stays off for the reason that it had. */
  private ChangeLog.Change revised(
      String action, StoredDestination before, SettingsReader.Judged judged, Keeping keeping) {
    Settings settings = judged.settings();
    Instant now = now();
    Safekeeping kept = keeping.of(settings, before, now);
    boolean staysOff = !settings.enabled() && before.switchedOffByUs();
    Standing standing =
        staysOff
            ? new Standing(before.status(), before.statusReason())
            : standing(judged, kept.permission());
    StoredDestination after =
        before
            .revised(standing, settings.document(), kept, now)
            .granted(granted(before, settings, now));
    return new ChangeLog.Change(action, before, after, Snapshots.of(after, settings));
  }

  private @Nullable Grant granted(StoredDestination before, Settings settings, Instant now) {
    return grants.fitting(
        before.grant(),
        before.id(),
        before.settings().path("auth"),
        settings.document().path("auth"),
        now);
  }

  /** What the settings ask for; what they say nothing of stays. */
  Safekeeping fitting(Settings settings, StoredDestination before, Instant now) {
    return new Safekeeping(
        keys.choose(settings, before.tenant(), before.id(), before.keys()),
        seal.seal(settings.authentication(), before.tenant(), before.id(), before.credentials()),
        before.trustAnchors(),
        before.permission());
  }

  /** A new signing key; the one before it goes on signing for so long. */
  Mono<StoredDestination> rotate(Order order, DestinationId id, Revision same, Duration overlap) {
    return revise(
        order,
        id,
        "secret_rotated",
        same,
        (settings, before, now) -> before.kept().with(keys.rotate(settings, before, now, overlap)));
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
    Preconditions.check("destination", order.ifMatch(), before.etag());
  }

  private static Standing standing(SettingsReader.Judged judged, Permission permission) {
    Settings settings = judged.settings();
    if (settings.enabled() && !permission.suffices(settings)) {
      return new Standing(
          DestinationStatus.DISABLED,
          Objects.requireNonNullElse(judged.caution(), Permission.WAITING));
    }
    return new Standing(
        settings.enabled() ? DestinationStatus.ACTIVE : DestinationStatus.DISABLED,
        judged.caution());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS); // what PostgreSQL keeps
  }
}
