// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.Payload;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Events of the tenant acme, until a {@link TestWorker} publishes them for its own. */
final class TestEvents {

  private TestEvents() {}

  static EventDraft of(String type, String data) {
    return new EventDraft(attributes(type), "application/json", Payload.of(data.getBytes(UTF_8)));
  }

  static EventDraft without(String attribute) {
    Map<String, String> attributes = attributes("incomplete");
    attributes.remove(attribute);
    return new EventDraft(attributes, "application/json", Payload.of("{}".getBytes(UTF_8)));
  }

  private static Map<String, String> attributes(String type) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", UUID.randomUUID().toString());
    attributes.put("source", "/tests");
    attributes.put("type", type);
    attributes.put("tenantid", "acme");
    attributes.put("time", Instant.now().toString());
    return attributes;
  }
}
