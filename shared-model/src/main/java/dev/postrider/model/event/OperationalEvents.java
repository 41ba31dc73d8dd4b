// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
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

  /** All that there are. */
  public enum Kind {
    /** By its admin, after a 410, after days of failures. */
    DESTINATION_DISABLED("A destination was switched off"),
    /** By its admin. */
    DESTINATION_ENABLED("A destination was switched on again"),
    /** Somebody has to agree again, or its client has to be configured otherwise. */
    DESTINATION_AUTHORIZATION_LOST("A destination's issuer gives no more tokens"),
    /** Its attempts are used up, or it was refused. */
    DELIVERY_FAILED("A delivery failed for good");

    private final String meaning;

    Kind(String meaning) {
      this.meaning = meaning;
    }

    /** Such as {@code postrider.destination.disabled}. */
    public EventType type() {
      return new EventType(PREFIX + name().toLowerCase(Locale.ROOT).replaceFirst("_", "."));
    }

    /** What has happened, in a few words. */
    public String meaning() {
      return meaning;
    }
  }

  /**
   * What happened to one thing of a tenant.
   *
   * @param id the same whenever the same happening is told, so that telling it twice is one event
   * @param at when it happened; part of the event's identity as well
   * @param subject the thing's id
   * @param json what there is to say
   */
  public static EventDraft of(
      TenantId tenant, Kind kind, String id, Instant at, String subject, byte[] json) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", id);
    attributes.put("source", SOURCE);
    attributes.put("type", kind.type().value());
    attributes.put("time", at.toString());
    attributes.put("subject", subject);
    attributes.put("tenantid", tenant.value());
    return new EventDraft(attributes, "application/json", Payload.of(json));
  }
}
