// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.Payload;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.payload.Content;
import dev.postrider.model.payload.ContentFormat;
import dev.postrider.model.signature.SignatureScheme;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event that nobody has published, to see what a destination would get of one like it. */
record SampleEvent(EventDraft draft) {

  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
  private static final DestinationId NOBODY = new DestinationId(new UUID(0, 0));

  /**
   * One with the attributes that every event has.
   *
   * @param attributes the others, or others for those
   */
  static SampleEvent of(
      String tenant, Map<String, String> attributes, @Nullable String contentType, Payload data) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("specversion", "1.0");
    all.put("id", "sample");
    all.put("source", "/sample");
    all.put("type", "sample.event");
    all.put("time", TIME.toString());
    all.putAll(attributes);
    all.put("tenantid", tenant);
    return new SampleEvent(new EventDraft(all, contentType, data));
  }

  /**
   * What the worker would send of it.
   *
   * @throws IllegalArgumentException when the template makes nothing of it
   */
  Content in(HttpRequestSettings settings, SignatureScheme scheme) {
    PlatformEvent event = draft.at(new EventId(TIME, 0, 0));
    return new ContentFormat(settings, scheme.bodyForm()).fill(event, DeliveryId.of(event, NOBODY));
  }
}
