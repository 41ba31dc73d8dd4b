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
import java.util.concurrent.ConcurrentHashMap;

/**
 * All destinations as last published, and which of them want an event. Written by one thread, read
 * by any.
 */
public final class Directory {

  private final Map<DestinationId, Destination> destinations = new ConcurrentHashMap<>();
  private final Map<TenantId, Map<DestinationId, Destination>> activeByTenant =
      new ConcurrentHashMap<>();

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

  /** How many there are, active or not. */
  public int size() {
    return destinations.size();
  }

  void put(Destination destination) {
    remove(destination.id());
    destinations.put(destination.id(), destination);
    if (destination.active()) {
      activeByTenant
          .computeIfAbsent(destination.tenant(), _ -> new ConcurrentHashMap<>())
          .put(destination.id(), destination);
    }
  }

  void remove(DestinationId id) {
    Destination before = destinations.remove(id);
    if (before != null) {
      activeByTenant.computeIfPresent(
          before.tenant(),
          (_, active) -> {
            active.remove(id);
            return active.isEmpty() ? null : active;
          });
    }
  }
}
