// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.secret.Sealed;
import java.net.URI;
import java.util.List;

/** What the worker is told of a destination. */
final class Snapshots {

  private Snapshots() {}

  static Destination of(StoredDestination stored, Settings settings) {
    Sealed key = stored.key().sealed();
    return new Destination(
        stored.id(),
        stored.tenant(),
        stored.version(),
        stored.status(),
        settings.eventTypes(),
        new HttpRequestSettings(
            URI.create(stored.settings().get("endpoint_url").stringValue()),
            settings.method(),
            settings.headers(),
            PayloadFormat.CLOUDEVENTS_BINARY,
            settings.timeout()),
        new Authentication.None(),
        new Signing(
            settings.scheme().name(),
            key == null ? List.of() : List.of(new Signing.Key(key, null))),
        settings.retry(),
        settings.limits(),
        settings.ordering());
  }
}
