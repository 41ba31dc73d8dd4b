// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.directory;

import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.event.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All destinations as last published, and which of them want an event. Written by one thread, read
 * by any.
 */
public final class Directory {

  private final Map<DestinationId, Destination> destinations = new ConcurrentHashMap<>();
  private final Map<TenantId, Map<DestinationId, Destination>> activeByTenant =
      new ConcurrentHashMap<>();

  private final Set<DestinationId> unreadable = ConcurrentHashMap.newKeySet();

  /** The destination, unless there is none or no longer one. */
  public Optional<Destination> find(DestinationId id) {
    return Optional.ofNullable(destinations.get(id));
  }

  /** The active destinations of the event's tenant that want its type. */
  public List<Destination> wanting(PlatformEvent event) {
    Map<DestinationId, Destination> active = activeByTenant.get(event.tenant());
    if (active == null) {
      return List.of();
    }
    return active.values().stream().filter(destination -> destination.wants(event.type())).toList();
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
    if (before != null && !(destination.active() && sameTenant(before, destination))) {
      deactivate(before);
    }
    if (destination.active()) {
      activeByTenant
          .computeIfAbsent(destination.tenant(), _ -> new ConcurrentHashMap<>())
          .put(destination.id(), destination);
    }
  }

  void remove(DestinationId id) {
    unreadable.remove(id);
    Destination before = destinations.remove(id);
    if (before != null) {
      deactivate(before);
    }
  }

  /** There is a snapshot that this version cannot read; what it knew before stays. */
  void unreadable(DestinationId id) {
    unreadable.add(id);
  }

  private static boolean sameTenant(Destination one, Destination other) {
    return one.tenant().equals(other.tenant());
  }

  private void deactivate(Destination before) {
    activeByTenant.computeIfPresent(
        before.tenant(),
        (_, active) -> {
          active.remove(before.id());
          return active.isEmpty() ? null : active;
        });
  }
}
