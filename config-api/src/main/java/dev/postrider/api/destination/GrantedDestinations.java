// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.audit.AuditTrail.Author;
import dev.postrider.api.credential.AuthenticationSettings.Kind;
import dev.postrider.api.grant.Grant;
import dev.postrider.api.outbox.Outbox;
import dev.postrider.api.settings.SettingsReader;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Sealed;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Destinations whose tokens come from an issuer, for whoever talks to that. Every call runs inside
 * a transaction of the tenant.
 */
@Component
public final class GrantedDestinations {

  private final Destinations destinations;
  private final SettingsReader reader;
  private final ChangeLog log;

  GrantedDestinations(Destinations destinations, SettingsReader reader, ChangeLog log) {
    this.destinations = destinations;
    this.reader = reader;
    this.log = log;
  }

  /**
   * What must be known to ask the issuer.
   *
   * @param clientSecret null where we sign instead
   * @param trustAnchors PEM certificates that are trusted at the token URL as well; null for none
   */
  public record Client(
      TenantId tenant,
      DestinationId id,
      Kind.OAuth2 settings,
      @Nullable Sealed clientSecret,
      @Nullable String trustAnchors,
      Grant grant) {}

  /** Empty when it needs no issuer; a 404 when this tenant has none of that id. */
  public Mono<Client> find(DatabaseClient database, TenantId tenant, DestinationId id) {
    return destinations.get(database, tenant, id).mapNotNull(this::client);
  }

  private @Nullable Client client(StoredDestination stored) {
    if (stored.grant() == null
        || !(stored.read(reader).authentication().kind() instanceof Kind.OAuth2 settings)) {
      return null;
    }
    return new Client(
        stored.tenant(),
        stored.id(),
        settings,
        settings.client().signs() ? null : stored.credentials().sealed("client_secret"),
        stored.trustAnchors(),
        stored.grant());
  }

  /** A change of what is granted, in one statement; false when there was nothing to change. */
  public interface Change {
    /** Makes it. */
    Mono<Boolean> in(DatabaseClient database);
  }

  /**
   * Changes what is granted and has the worker told, after all changes that were made before. Empty
   * when there was nothing to change, or no destination any more.
   *
   * @param action for the audit trail, which says nothing of a token that follows another
   */
  public Mono<Outbox.Entry> change(
      DatabaseClient database,
      TenantId tenant,
      DestinationId id,
      Author author,
      String action,
      Change change) {
    return destinations
        .find(database, tenant, id)
        .flatMap(_ -> destinations.lock(database, tenant, id))
        .filterWhen(_ -> change.in(database))
        .flatMap(
            before ->
                destinations
                    .get(database, tenant, id)
                    .flatMap(after -> changed(database, author, action, before, after)));
  }

  private Mono<Outbox.Entry> changed(
      DatabaseClient database,
      Author author,
      String action,
      StoredDestination before,
      StoredDestination after) {
    var change =
        new ChangeLog.Change(action, before, after, Snapshots.of(after, after.read(reader)));
    return sameStatus(before, after)
        ? log.publish(database, after, change.snapshot())
        : log.write(database, author, change);
  }

  private static boolean sameStatus(StoredDestination before, StoredDestination after) {
    Grant was = Objects.requireNonNull(before.grant());
    Grant is = Objects.requireNonNull(after.grant());
    return was.status() == is.status() && Objects.equals(was.reason(), is.reason());
  }
}
