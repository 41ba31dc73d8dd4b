// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event of a platform service, as accepted: CloudEvents attributes beside opaque data.
 *
 * @param id where Kafka keeps it
 * @param tenant whose it is (a CloudEvents extension)
 * @param type what happened
 * @param attributes all CloudEvents context attributes but {@code datacontenttype}, by name, as
 *     text, in the publisher's order; the required ones are there
 * @param contentType media type of the data, if the publisher named one
 * @param payload the data
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md">CloudEvents
 *     1.0.2</a>
 */
public record PlatformEvent(
    EventId id,
    TenantId tenant,
    EventType type,
    Map<String, String> attributes,
    @Nullable String contentType,
    Payload payload) {

  /** Copies the attributes, keeping their order. */
  public PlatformEvent {
    attributes = AttributeMap.copyOf(attributes);
  }

  /** The attribute's text, or null where the publisher sent none. */
  public @Nullable String attribute(String name) {
    return attributes.get(name);
  }

  /** The same event with another attribute, or another text for it. */
  public PlatformEvent with(String name, String text) {
    return new PlatformEvent(
        id, tenant, type, AttributeMap.with(attributes, name, text), contentType, payload);
  }

  /** CloudEvents {@code id}: unique together with the source. */
  public String ceId() {
    return required("id");
  }

  /** CloudEvents {@code source}. */
  public String source() {
    return required("source");
  }

  /** When it happened: CloudEvents {@code time}, or failing that when Kafka stored it. */
  public Instant time() {
    String time = attributes.get("time");
    return time == null ? id.time() : InternetTime.parse(time);
  }

  /**
   * What makes two records the same event: tenant, source, id and time. Without a time it is the
   * record's own position, so that only the very same record is the same event.
   */
  public String identity() {
    String time = attributes.get("time");
    String when = time == null ? id.toString() : InternetTime.parse(time).toString();
    return String.join("\n", tenant.value(), source(), ceId(), when);
  }

  private String required(String name) {
    String value = attributes.get(name);
    if (value == null) {
      throw new IllegalStateException("an event without the attribute " + name + " is no event");
    }
    return value;
  }
}
