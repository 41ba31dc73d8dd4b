// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

import dev.postrider.model.event.EventType;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.retry.RetryPolicy;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * All that the worker must know of a destination: a snapshot, published whole at every change.
 *
 * @param version grows with every change
 * @param eventTypes which events it wants; any match suffices
 * @param ordering {@link Ordering#NONE} in snapshots from before there was one
 */
public record Destination(
    DestinationId id,
    TenantId tenant,
    long version,
    DestinationStatus status,
    List<EventTypePattern> eventTypes,
    HttpRequestSettings request,
    Authentication authentication,
    Signing signing,
    RetryPolicy retry,
    Limits limits,
    Ordering ordering) {

  /** Refuses a snapshot with something missing. */
  public Destination {
    Stream.of(id, tenant, status, request, authentication, signing, retry, limits)
        .forEach(Objects::requireNonNull);
    eventTypes = List.copyOf(eventTypes);
    ordering = Objects.requireNonNullElse(ordering, Ordering.NONE);
  }

  /** Whether it is served at all. */
  public boolean active() {
    return status == DestinationStatus.ACTIVE;
  }

  /** Whether it wants events of this type. */
  public boolean wants(EventType type) {
    return eventTypes.stream().anyMatch(pattern -> pattern.matches(type));
  }
}
