// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

import dev.postrider.model.event.EventFilter;
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
 * @param filters which of those it wants; all must match
 * @param tls {@link TlsSettings#USUAL} in snapshots from before there was one
 * @param ordering {@link Ordering#NONE} in snapshots from before there was one
 */
public record Destination(
    DestinationId id,
    TenantId tenant,
    long version,
    DestinationStatus status,
    List<EventTypePattern> eventTypes,
    List<EventFilter> filters,
    HttpRequestSettings request,
    TlsSettings tls,
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
    filters = List.copyOf(Objects.requireNonNullElse(filters, List.of()));
    tls = Objects.requireNonNullElse(tls, TlsSettings.USUAL);
    ordering = Objects.requireNonNullElse(ordering, Ordering.NONE);
  }

  /** Whether it is served at all. */
  public boolean active() {
    return status == DestinationStatus.ACTIVE;
  }

  /** Whether it wants events of this type, as far as the type goes. */
  public boolean wants(EventType type) {
    return eventTypes.stream().anyMatch(pattern -> pattern.matches(type));
  }

  /** Whether it wants this event, as far as all but its type goes. */
  public boolean wants(EventFilter.Subject event) {
    for (EventFilter filter : filters) {
      if (!filter.matches(event)) {
        return false;
      }
    }
    return true;
  }

  /** The same with another request. */
  public Destination with(HttpRequestSettings other) {
    return new Destination(
        id,
        tenant,
        version,
        status,
        eventTypes,
        filters,
        other,
        tls,
        authentication,
        signing,
        retry,
        limits,
        ordering);
  }
}
