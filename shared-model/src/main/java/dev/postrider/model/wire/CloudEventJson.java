// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.Payload;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes CloudEvents in their JSON format without touching the data: {@code data} is
 * taken out of the envelope and put into it byte for byte.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">CloudEvents
 *     JSON format 1.0.2 §3, §4</a>
 */
public final class CloudEventJson {

  /** §2.2 of the format: of the type String or a type written as one. */
  private static final Set<String> STRINGS =
      Set.of("specversion", "id", "source", "type", "subject", "time", "dataschema");

  private CloudEventJson() {}

  /**
   * One event.
   *
   * @throws IllegalArgumentException when the bytes are no JSON object
   */
  public static EventDraft read(byte[] utf8) {
    return draft(JsonText.parse(utf8));
  }

  /**
   * A batch, which may be empty.
   *
   * @throws IllegalArgumentException when the bytes are no JSON array of objects
   */
  public static List<EventDraft> readBatch(byte[] utf8) {
    JsonText json = JsonText.parse(utf8);
    if (!json.isArray()) {
      throw new MalformedJsonException("a batch of CloudEvents must be a JSON array");
    }
    List<EventDraft> drafts = new ArrayList<>();
    for (JsonText element : json.elements()) {
      try {
        drafts.add(draft(element));
      } catch (MalformedJsonException e) {
        String place = "[" + drafts.size() + "]";
        String member = e.member().isEmpty() ? place : place + "." + e.member();
        throw new MalformedJsonException(member, place + ": " + e.getMessage());
      }
    }
    return drafts;
  }

  /**
   * Writes an event. Data that is no JSON stands in it as a string if it is text, else as base64.
   *
   * @param attributes which of the event's are written, in order
   */
  public static byte[] write(
      Map<String, String> attributes, @Nullable String contentType, Payload data) {
    JsonWriter json = new JsonWriter();
    attributes.forEach(json::text);
    if (contentType != null) {
      json.text("datacontenttype", contentType);
    }
    if (data.length() > 0) {
      json.data("data", "data_base64", contentType, data);
    }
    return json.bytes();
  }

  private static EventDraft draft(JsonText json) {
    if (!json.isObject()) {
      throw new MalformedJsonException("a CloudEvent must be a JSON object");
    }
    Map<String, JsonText> members = new LinkedHashMap<>(json.members());
    JsonText data = members.remove("data");
    JsonText base64 = members.remove("data_base64");
    JsonText type = members.remove("datacontenttype");
    String contentType = type == null || type.isNull() ? null : string("datacontenttype", type);
    if (base64 != null && !base64.isNull()) {
      if (data != null) {
        throw new MalformedJsonException("data_base64", "data and data_base64 exclude each other");
      }
      return new EventDraft(attributes(members), contentType, decoded(base64));
    }
    if (contentType == null && data != null) {
      contentType = "application/json";
    }
    return new EventDraft(attributes(members), contentType, payload(data, contentType));
  }

  /** JSON Format §3.1: data of a content type that is not JSON is carried as a string. */
  private static Payload payload(@Nullable JsonText data, @Nullable String contentType) {
    if (data == null) {
      return Payload.EMPTY;
    }
    boolean text = data.isString() && contentType != null && !ContentTypes.isJson(contentType);
    return Payload.of(text ? data.text().getBytes(UTF_8) : data.bytes());
  }

  private static String string(String name, JsonText value) {
    if (!value.isString()) {
      throw new MalformedJsonException(name, "attribute " + name + " must be a string");
    }
    return value.text();
  }

  private static Payload decoded(JsonText base64) {
    try {
      return Payload.of(Base64.getDecoder().decode(string("data_base64", base64)));
    } catch (IllegalArgumentException e) {
      throw new MalformedJsonException("data_base64", "data_base64 must be standard base64");
    }
  }

  private static Map<String, String> attributes(Map<String, JsonText> members) {
    Map<String, String> attributes = new LinkedHashMap<>();
    members.forEach(
        (name, value) -> {
          if (value.isObject() || value.isArray()) {
            throw new MalformedJsonException(
                name, "attribute " + name + " must be a string, a number or a boolean");
          }
          if (!value.isNull()) {
            attributes.put(name, STRINGS.contains(name) ? string(name, value) : value.text());
          }
        });
    return attributes;
  }
}
