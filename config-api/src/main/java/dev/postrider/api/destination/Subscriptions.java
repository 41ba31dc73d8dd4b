// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.settings.Settings;
import dev.postrider.api.settings.SettingsReader;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventFilter;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.wire.FilterSubject;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What destinations want to receive, for whoever sends them something again. */
@Component
public final class Subscriptions {

  private final Destinations destinations;
  private final SettingsReader reader;

  Subscriptions(Destinations destinations, SettingsReader reader) {
    this.destinations = destinations;
    this.reader = reader;
  }

  /** Of one destination. */
  public record Subscription(
      boolean active, List<EventTypePattern> types, List<EventFilter> filters) {

    /** Of a destination that is not there any more. */
    public static final Subscription NONE = new Subscription(false, List.of(), List.of());

    /** Whether this event is wanted. */
    public boolean wants(PlatformEvent event) {
      EventFilter.Subject subject = new FilterSubject(event);
      return types.stream().anyMatch(pattern -> pattern.matches(event.type()))
          && filters.stream().allMatch(filter -> filter.matches(subject));
    }
  }

  /** Within a transaction of the tenant; empty when it has no such destination. */
  public Mono<Subscription> find(DatabaseClient database, TenantId tenant, DestinationId id) {
    return destinations.find(database, tenant, id).map(this::subscription);
  }

  private Subscription subscription(StoredDestination stored) {
    Settings settings = stored.read(reader);
    return new Subscription(stored.active(), settings.eventTypes(), settings.filters());
  }
}
