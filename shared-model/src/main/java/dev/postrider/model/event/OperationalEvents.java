// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Events about what Postrider does for a tenant, such as {@code postrider.destination.disabled}.
 * They travel like any other; only Postrider publishes types with this prefix.
 */
public final class OperationalEvents {

  /** What their types begin with. */
  public static final String PREFIX = "postrider.";

  private static final String SOURCE = "/postrider";

  private OperationalEvents() {}

  /**
   * What happened to one thing of a tenant.
   *
   * @param id the same whenever the same happening is told, so that telling it twice is one event
   * @param at when it happened; part of the event's identity as well
   * @param subject the thing's id
   * @param json what there is to say
   */
  public static EventDraft of(
      TenantId tenant, String type, String id, Instant at, String subject, byte[] json) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", id);
    attributes.put("source", SOURCE);
    attributes.put("type", PREFIX + type);
    attributes.put("time", at.toString());
    attributes.put("subject", subject);
    attributes.put("tenantid", tenant.value());
    return new EventDraft(attributes, "application/json", Payload.of(json));
  }
}
