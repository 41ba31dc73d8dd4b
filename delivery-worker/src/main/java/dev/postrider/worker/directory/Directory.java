// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.directory;

import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventFilter;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.wire.FilterSubject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All destinations as last published, and which of them want an event. An event is looked up by its
 * type and by each prefix of it, so that it costs the same however many destinations there are.
 * Written by one thread, read by any.
 */
public final class Directory {

  private final Map<DestinationId, Destination> destinations = new ConcurrentHashMap<>();
  private final Map<Wish, Map<DestinationId, Destination>> active = new ConcurrentHashMap<>();
  private final Set<DestinationId> unreadable = ConcurrentHashMap.newKeySet();

  /** What a tenant's destinations may ask for. */
  private record Wish(TenantId tenant, String pattern) {}

  /** The destination, unless there is none or no longer one. */
  public Optional<Destination> find(DestinationId id) {
    return Optional.ofNullable(destinations.get(id));
  }

  /** The active destinations of the event's tenant that want it. */
  public List<Destination> wanting(PlatformEvent event) {
    Map<DestinationId, Destination> wanting = new LinkedHashMap<>();
    for (String pattern : EventTypePattern.thatMayMatch(event.type())) {
      Map<DestinationId, Destination> found = active.get(new Wish(event.tenant(), pattern));
      if (found != null) {
        wanting.putAll(found);
      }
    }
    EventFilter.Subject subject = new FilterSubject(event);
    wanting
        .values()
        .removeIf(destination -> !destination.wants(event.type()) || !destination.wants(subject));
    return List.copyOf(wanting.values());
  }

  /** Whether there is one that this version cannot read; it is not gone, it must wait. */
  public boolean isUnreadable(DestinationId id) {
    return unreadable.contains(id);
  }

  /** How many there are, active or not. */
  public int size() {
    return destinations.size();
  }

  /** Replaces in place: a reader sees the old snapshot or the new one, never none. */
  void put(Destination destination) {
    unreadable.remove(destination.id());
    Destination before = destinations.put(destination.id(), destination);
    Set<Wish> wishes = destination.active() ? wishes(destination) : Set.of();
    for (Wish wish : wishes) {
      active
          .computeIfAbsent(wish, _ -> new ConcurrentHashMap<>())
          .put(destination.id(), destination);
    }
    if (before != null) {
      drop(before, wishes);
    }
  }

  void remove(DestinationId id) {
    unreadable.remove(id);
    Destination before = destinations.remove(id);
    if (before != null) {
      drop(before, Set.of());
    }
  }

  /** There is a snapshot that this version cannot read; what it knew before stays. */
  void unreadable(DestinationId id) {
    unreadable.add(id);
  }

  private static Set<Wish> wishes(Destination destination) {
    return destination.eventTypes().stream()
        .map(pattern -> new Wish(destination.tenant(), pattern.value()))
        .collect(Collectors.toSet());
  }

  private void drop(Destination before, Set<Wish> kept) {
    for (Wish wish : wishes(before)) {
      if (!kept.contains(wish)) {
        active.computeIfPresent(wish, (_, found) -> without(found, before.id()));
      }
    }
  }

  private static @Nullable Map<DestinationId, Destination> without(
      Map<DestinationId, Destination> found, DestinationId id) {
    found.remove(id);
    return found.isEmpty() ? null : found;
  }
}
