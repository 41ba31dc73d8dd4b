// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.util.LinkedHashMap;
import java.util.Map;
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

  private static final int LONGEST_NAME = 64;

  /** Copies the attributes, keeping their order. */
  public EventDraft {
    attributes = AttributeMap.copyOf(attributes);
  }

  /** The same event with another attribute, or another text for it. */
  public EventDraft with(String name, String text) {
    return new EventDraft(AttributeMap.with(attributes, name, text), contentType, payload);
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
    attributes.forEach((name, _) -> checkName(name, violations));
    if (contentType != null && !isMediaType(contentType)) {
      violations.put(
          "datacontenttype", "datacontenttype must be a media type: was " + quoted(contentType));
    }
    return violations;
  }

  private static void checkName(String name, Map<String, String> violations) {
    boolean fits = !name.isEmpty() && name.length() <= LONGEST_NAME;
    for (int i = 0; fits && i < name.length(); i++) {
      fits = Ascii.isLowerCase(name.charAt(i)) || Ascii.isDigit(name.charAt(i));
    }
    if (!fits) {
      violations.put(name, name + " must be named in lower-case letters and digits");
    }
  }

  private static boolean isMediaType(String text) {
    int slash = text.indexOf('/');
    boolean fits = slash > 0 && slash < text.length() - 1;
    for (int i = 0; fits && i < text.length(); i++) {
      fits = Ascii.isPrintable(text.charAt(i)) && (i > slash || text.charAt(i) != ' ');
    }
    return fits;
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
