// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.settings.Settings;
import dev.postrider.model.destination.Limits;
import org.jspecify.annotations.Nullable;

/**
 * A receiver's permission to send it events.
 *
 * @param url whose receiver granted it; null for none, or where it was not asked
 * @param rate of requests a second that it allows; null for any
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md">CloudEvents
 *     HTTP 1.1 Web Hooks §4, "Abuse protection"</a>
 */
record Permission(@Nullable String url, @Nullable Double rate) {

  static final Permission NONE = new Permission(null, null);
  static final String WAITING = "waits for the receiver's permission (CloudEvents handshake)";

  /** Whether these settings may be served as far as permission goes. */
  boolean suffices(Settings settings) {
    return !settings.handshake()
        || settings.document().path("endpoint_url").asString("").equals(url);
  }

  /** What both the tenant and the receiver allow. */
  Limits within(Limits limits) {
    Double wanted = limits.requestsPerSecond();
    return rate == null || (wanted != null && wanted <= rate)
        ? limits
        : new Limits(limits.maxInFlight(), rate);
  }
}
