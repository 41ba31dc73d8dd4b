// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationStatus;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.Limits;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.destination.TlsSettings;
import dev.postrider.model.event.EventFilter;
import java.util.List;

/** Destinations that differ from another in one part. */
public final class TestDestinations {

  private TestDestinations() {}

  /** The same with this part instead of its own of that type. */
  public static Destination with(Destination usual, Object part) {
    return new Destination(
        usual.id(),
        usual.tenant(),
        usual.version() + 1,
        or(part, usual.status(), DestinationStatus.class),
        usual.eventTypes(),
        part instanceof EventFilter filter ? List.of(filter) : usual.filters(),
        or(part, usual.request(), HttpRequestSettings.class),
        or(part, usual.tls(), TlsSettings.class),
        or(part, usual.authentication(), Authentication.class),
        or(part, usual.signing(), Signing.class),
        usual.retry(),
        or(part, usual.limits(), Limits.class),
        usual.ordering());
  }

  private static <T> T or(Object part, T usual, Class<T> type) {
    return type.isInstance(part) ? type.cast(part) : usual;
  }
}
