// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.credential.CredentialSeal;
import dev.postrider.api.grant.GrantSeal;
import dev.postrider.api.outbox.Outbox;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.settings.SettingsReader;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.SealBrokenException;
import java.io.Serial;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The secrets of destinations, for whoever changes the key that they are sealed with. */
@Component
public final class SealedDestinations {

  private final Destinations destinations;
  private final SigningKeys keys;
  private final CredentialSeal credentials;
  private final GrantSeal grants;
  private final SettingsReader reader;
  private final ChangeLog log;

  SealedDestinations(
      Destinations destinations,
      SigningKeys keys,
      CredentialSeal credentials,
      GrantSeal grants,
      SettingsReader reader,
      ChangeLog log) {
    this.destinations = destinations;
    this.keys = keys;
    this.credentials = credentials;
    this.grants = grants;
    this.reader = reader;
    this.log = log;
  }

  /** A destination that cannot be sealed anew before somebody has looked at it. */
  public static final class StaysException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    StaysException(RuntimeException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Seals all that it has with the primary key and has the worker told, inside the running
   * transaction of the tenant. It is no other version, and nothing for the audit trail: the secrets
   * are the same. Empty when there is no such destination any more; fails with a {@link
   * StaysException} when a secret does not open, or its settings break a rule of today.
   */
  public Mono<Outbox.Entry> reseal(DatabaseClient database, TenantId tenant, DestinationId id) {
    return destinations
        .find(database, tenant, id)
        .flatMap(_ -> destinations.lock(database, tenant, id))
        .flatMap(before -> destinations.reseal(database, before, anew(before)))
        .then(grants.anew(database, tenant, id))
        .then(Mono.defer(() -> destinations.find(database, tenant, id)))
        .flatMap(after -> publish(database, after))
        .onErrorMap(SealBrokenException.class, StaysException::new)
        .onErrorMap(Problem.class, StaysException::new);
  }

  private StoredDestination.Safekeeping anew(StoredDestination before) {
    return new StoredDestination.Safekeeping(
        keys.anew(before.keys(), before.tenant(), before.id()),
        credentials.anew(before.credentials(), before.tenant(), before.id()),
        before.trustAnchors(),
        before.permission());
  }

  private Mono<Outbox.Entry> publish(DatabaseClient database, StoredDestination after) {
    return log.publish(database, after, Snapshots.of(after, after.read(reader)));
  }
}
