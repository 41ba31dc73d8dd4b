// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.wire.ContentTypes;
import dev.postrider.model.wire.JsonText;
import dev.postrider.model.wire.MalformedJsonException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** An event as the API shows it. */
public final class EventAnswer {

  private static final Set<String> SHOWN =
      Set.of("specversion", "id", "source", "type", "subject", "time", "tenantid");

  private EventAnswer() {}

  static ObjectNode of(PlatformEvent event, List<ObjectNode> deliveries, boolean withData) {
    ObjectNode answer = of(event, withData);
    answer.putArray("deliveries").addAll(deliveries);
    return answer;
  }

  /** Without its deliveries. */
  public static ObjectNode of(PlatformEvent event, boolean withData) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("id", event.id().toString());
    answer.put("ce_id", event.ceId());
    answer.put("type", event.type().value());
    answer.put("source", event.source());
    answer.put("subject", event.attribute("subject"));
    answer.put("time", event.time().toString());
    answer.put("content_type", event.contentType());
    if (withData) {
      data(event, answer);
    }
    ObjectNode extensions = answer.putObject("extensions");
    event
        .attributes()
        .forEach(
            (name, value) -> {
              if (!SHOWN.contains(name)) {
                extensions.put(name, value);
              }
            });
    return answer;
  }

  /** JSON as it was published, digit for digit; anything else in base64. */
  private static void data(PlatformEvent event, ObjectNode answer) {
    byte[] bytes = event.payload().bytes();
    if (event.contentType() != null && ContentTypes.isJson(event.contentType()) && isJson(bytes)) {
      answer.putRawValue("data", new RawValue(new String(bytes, UTF_8)));
    } else {
      answer.put("data_base64", Base64.getEncoder().encodeToString(bytes));
    }
  }

  private static boolean isJson(byte[] bytes) {
    try {
      JsonText.parse(bytes);
      return true;
    } catch (MalformedJsonException _) {
      return false;
    }
  }
}
