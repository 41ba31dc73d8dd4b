// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.settings.Settings;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.signature.SignatureScheme;
import java.net.URI;

/** What the worker is told of a destination. */
final class Snapshots {

  private Snapshots() {}

  static Destination of(StoredDestination stored, Settings settings) {
    SignatureScheme scheme = settings.scheme();
    return new Destination(
        stored.id(),
        stored.tenant(),
        stored.version(),
        stored.status(),
        settings.eventTypes(),
        settings.filters(),
        new HttpRequestSettings(
            URI.create(stored.settings().get("endpoint_url").stringValue()),
            settings.method(),
            settings.headers(),
            settings.format(),
            settings.template(),
            settings.timeout()),
        settings.authentication().tls(stored.trustAnchors(), stored.credentials()),
        settings
            .authentication()
            .with(stored.credentials(), stored.grant() == null ? null : stored.grant().token()),
        new Signing(
            scheme.name(), settings.describesItsScheme() ? scheme : null, stored.keys().keys()),
        settings.retry(),
        stored.permission().within(settings.limits()),
        settings.ordering());
  }
}
