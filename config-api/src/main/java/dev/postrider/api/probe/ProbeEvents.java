// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.Payload;
import dev.postrider.model.event.TenantId;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Events that never happened: recognised at a glance for what they are. */
@Component
final class ProbeEvents {

  private final Clock clock;

  ProbeEvents(Clock clock) {
    this.clock = clock;
  }

  EventDraft event(TenantId tenant, String type, String contentType, String data) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", UUID.randomUUID().toString());
    attributes.put("source", "/postrider");
    attributes.put("type", type);
    attributes.put("time", clock.instant().toString());
    attributes.put("tenantid", tenant.value());
    return new EventDraft(attributes, contentType, Payload.of(data.getBytes(UTF_8)));
  }

  /** Data for an event of that type. */
  String sample(String type) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("title", "Webhook Test Title");
    data.put("summary", "A test of this webhook, sent by Postrider. Nothing has happened.");
    data.put("event_type", type.substring(type.lastIndexOf('.') + 1));
    data.put("test", true);
    data.put("at", clock.instant().toString());
    return data.toString();
  }
}
