// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.destination.DestinationChanges.Order;
import dev.postrider.api.settings.Settings;
import dev.postrider.api.settings.SettingsReader;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Brings a destination that needs its receiver's permission to life: it is stored as one that
 * waits, the receiver is asked while nothing is locked, and what it said is stored.
 */
@Component
final class Handshakes {

  private final DestinationChanges changes;
  private final SettingsReader reader;
  private final PermissionRequests requests;

  Handshakes(DestinationChanges changes, SettingsReader reader, PermissionRequests requests) {
    this.changes = changes;
    this.reader = reader;
    this.requests = requests;
  }

  /** As it is, or, if permission is all that it waits for, as it is after the receiver's answer. */
  Mono<StoredDestination> settled(Order order, StoredDestination stored) {
    Settings settings = stored.read(reader);
    if (!settings.enabled() || stored.permission().suffices(settings)) {
      return Mono.just(stored);
    }
    String url = stored.settings().path("endpoint_url").asString("");
    return requests
        .ask(Snapshots.of(stored, settings))
        .flatMap(answer -> store(order.whatever(), stored, url, answer))
        .map(after -> after.showing(stored));
  }

  private Mono<StoredDestination> store(
      Order order, StoredDestination stored, String url, PermissionRequests.Answer answer) {
    boolean given = answer.refusal() == null;
    return changes.revise(
        order,
        stored.id(),
        given ? "permission_granted" : "permission_refused",
        before ->
            Mono.just(
                new SettingsReader.Judged(
                    before.read(reader),
                    given ? null : "the receiver grants no permission: " + answer.refusal())),
        (_, before, _) ->
            before.kept().with(given ? new Permission(url, answer.rate()) : Permission.NONE));
  }
}
