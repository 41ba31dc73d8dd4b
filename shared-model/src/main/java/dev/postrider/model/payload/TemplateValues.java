// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.wire.MalformedJsonException;
import dev.postrider.model.wire.PlainJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a template can name: {@code event}, {@code data} and {@code delivery}. */
final class TemplateValues {

  private TemplateValues() {}

  /**
   * {@code event} has the attributes by name, extensions among them, and always a time; {@code
   * data} is parsed where it is JSON, else its text; {@code delivery} has the id.
   */
  static Map<String, @Nullable Object> of(PlatformEvent event, DeliveryId delivery) {
    Map<String, String> attributes = Content.sent(event);
    attributes.putIfAbsent("time", event.time().toString());
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("event", attributes);
    values.put("data", data(event));
    values.put("delivery", Map.of("id", delivery.toString()));
    return values;
  }

  private static @Nullable Object data(PlatformEvent event) {
    byte[] bytes = event.payload().bytes();
    if (bytes.length == 0) {
      return null;
    }
    try {
      return PlainJson.read(bytes);
    } catch (MalformedJsonException _) {
      return new String(bytes, UTF_8);
    }
  }
}
