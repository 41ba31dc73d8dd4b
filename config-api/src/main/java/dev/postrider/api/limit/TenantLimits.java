// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.limit;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one tenant may use: its own limits, and the operator's where it has none.
 *
 * @param destinations how many it may have
 * @param eventsPerSecond how many it may publish over REST
 * @param payloadBytes of one event that is published over REST
 * @param requestsPerSecond of each of its users and keys
 * @param payloadsReadable how long after an event its payload, and what receivers answered, are
 *     shown; null for as long as they are there
 */
public record TenantLimits(
    int destinations,
    int eventsPerSecond,
    int payloadBytes,
    int requestsPerSecond,
    @Nullable Duration payloadsReadable) {

  static final int MOST_PAYLOAD_BYTES = 256 * 1024;
  static final String READABLE = "payloads_readable_seconds";

  static TenantLimits of(JsonNode settings, LimitSettings defaults) {
    JsonNode own = settings.path("limits");
    JsonNode readable = settings.path(READABLE);
    return new TenantLimits(
        own.path("destinations").asInt(defaults.destinations()),
        own.path("events_per_second").asInt(defaults.eventsPerSecond()),
        own.path("payload_bytes").asInt(defaults.payloadBytes()),
        own.path("requests_per_second").asInt(defaults.requestsPerSecond()),
        readable.isInt() ? Duration.ofSeconds(readable.intValue()) : null);
  }

  boolean shows(Instant event, Instant now) {
    return payloadsReadable == null || now.isBefore(event.plus(payloadsReadable));
  }

  ObjectNode answer() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("destinations", destinations)
        .put("events_per_second", eventsPerSecond)
        .put("payload_bytes", payloadBytes)
        .put("requests_per_second", requestsPerSecond);
  }
}
