// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.event;

import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.Violations;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.Payload;
import dev.postrider.model.wire.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The short form for people and scripts: {@code {type, data, source?, id?, time?, subject?,
 * partitionkey?, extensions?}}. The data is taken out byte for byte.
 */
final class PlainEvent {

  private static final Set<String> ATTRIBUTES =
      Set.of("type", "source", "id", "time", "subject", "partitionkey");
  private static final Set<String> TAKEN =
      Set.of("specversion", "datacontenttype", "data", "data_base64");

  private PlainEvent() {}

  /** What is wrong with its members is noted; they are then left out. */
  static EventDraft read(byte[] body, Violations violations) {
    JsonText json = JsonText.parse(body);
    if (!json.isObject()) {
      throw JsonBody.malformed("an event must be a JSON object");
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    JsonText data = null;
    for (Map.Entry<String, JsonText> member : json.members().entrySet()) {
      switch (member.getKey()) {
        case "data" -> data = member.getValue();
        case "extensions" -> extensions(member.getValue(), attributes, violations);
        case String name when ATTRIBUTES.contains(name) ->
            putString(name, member.getValue(), attributes, violations);
        case String name -> violations.add(name, name + " is not a known field");
      }
    }
    return new EventDraft(attributes, contentType(data), payload(data));
  }

  private static @Nullable String contentType(@Nullable JsonText data) {
    return data == null ? null : "application/json";
  }

  private static Payload payload(@Nullable JsonText data) {
    return data == null ? Payload.EMPTY : Payload.of(data.bytes());
  }

  private static void extensions(
      JsonText extensions, Map<String, String> attributes, Violations violations) {
    if (!extensions.isObject()) {
      violations.add("extensions", "extensions must be an object");
      return;
    }
    extensions
        .members()
        .forEach(
            (name, value) -> {
              String field = "extensions." + name;
              if (ATTRIBUTES.contains(name) || TAKEN.contains(name)) {
                violations.add(field, field + " is no extension but a field of its own");
              } else {
                put(field, name, value, attributes, violations);
              }
            });
  }

  private static void putString(
      String name, JsonText value, Map<String, String> attributes, Violations violations) {
    if (value.isString()) {
      attributes.put(name, value.text());
    } else if (!value.isNull()) {
      violations.add(name, name + " must be a string");
    }
  }

  private static void put(
      String field,
      String name,
      JsonText value,
      Map<String, String> attributes,
      Violations violations) {
    if (value.isObject() || value.isArray()) {
      violations.add(field, field + " must be a string, a number or a boolean");
    } else if (!value.isNull()) {
      attributes.put(name, value.text());
    }
  }
}
