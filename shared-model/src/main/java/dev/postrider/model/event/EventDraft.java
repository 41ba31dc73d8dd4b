// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event before Kafka has given it a place: CloudEvents attributes beside opaque data.
 *
 * @param attributes all context attributes but {@code datacontenttype}, by name, as text, in the
 *     publisher's order
 * @param contentType media type of the data, if the publisher named one
 */
public record EventDraft(
    Map<String, String> attributes, @Nullable String contentType, Payload payload) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,64}");
  private static final Pattern MEDIA_TYPE = Pattern.compile("[!-~&&[^/]]+/[ -~]+");

  /** Copies the attributes, keeping their order. */
  public EventDraft {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /**
   * Every rule of CloudEvents 1.0 §3 and of ours that the attributes break, by attribute name;
   * empty when it is an event.
   */
  public Map<String, String> violations() {
    Map<String, String> violations = new LinkedHashMap<>();
    String version = attributes.get("specversion");
    if (!"1.0".equals(version)) {
      violations.put("specversion", "specversion must be 1.0: was " + quoted(version));
    }
    for (String name : new String[] {"id", "source"}) {
      String value = attributes.get(name);
      if (value == null || value.isBlank()) {
        violations.put(name, name + " is required");
      }
    }
    check(violations, "type", EventType::new);
    check(violations, "tenantid", TenantId::new);
    checkTime(violations);
    for (String name : attributes.keySet()) {
      if (!NAME.matcher(name).matches()) {
        violations.put(name, name + " must be named in lower-case letters and digits");
      }
    }
    if (contentType != null && !MEDIA_TYPE.matcher(contentType).matches()) {
      violations.put(
          "datacontenttype", "datacontenttype must be a media type: was " + quoted(contentType));
    }
    return violations;
  }

  private void checkTime(Map<String, String> violations) {
    String time = attributes.get("time");
    if (time != null) {
      try {
        InternetTime.parse(time);
      } catch (IllegalArgumentException e) {
        violations.put("time", "time " + e.getMessage());
      }
    }
  }

  private void check(Map<String, String> violations, String name, Rule rule) {
    String value = attributes.get(name);
    if (value == null || value.isEmpty()) {
      violations.put(name, name + " is required");
      return;
    }
    try {
      rule.accept(value);
    } catch (IllegalArgumentException e) {
      violations.put(name, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The event, once Kafka has stored it.
   *
   * @throws IllegalArgumentException when it breaks a rule
   */
  public PlatformEvent at(EventId id) {
    TenantId tenant = new TenantId(attributes.getOrDefault("tenantid", ""));
    EventType type = new EventType(attributes.getOrDefault("type", ""));
    return new PlatformEvent(id, tenant, type, attributes, contentType, payload);
  }

  private static String quoted(@Nullable String value) {
    return value == null ? "absent" : "'" + value + "'";
  }

  private interface Rule {
    Object accept(String value);
  }
}
