// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Kinds of receivers that many have, as data: the files under {@code types/}. A type is what a form
 * begins with; the destination that comes of it is like any other and does not remember its type.
 */
final class DestinationTypes {

  /** In the order in which they are offered. */
  static final List<String> NAMES =
      List.of(
          "generic",
          "jira_issue",
          "slack",
          "microsoft_teams",
          "pagerduty",
          "zenduty_incident",
          "outgoing_webhooks");

  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final JsonMapper JSON = new JsonMapper();

  private DestinationTypes() {}

  /** All of them, as the API shows them. */
  static List<ObjectNode> all() {
    ObjectNode fields = object("fields");
    return NAMES.stream().map(name -> type(name, object(name), fields)).toList();
  }

  private static ObjectNode type(String name, ObjectNode file, ObjectNode fields) {
    ObjectNode type = JSON.createObjectNode();
    type.put("type", name);
    type.set("name", file.get("name"));
    type.set("description", file.get("description"));
    ObjectNode defaults = (ObjectNode) file.get("defaults");
    if (file.has("template")) {
      defaults.put("template", text(file.get("template").stringValue() + ".jinja"));
    }
    type.set("defaults", defaults);
    type.set("schema", schema(file, fields));
    return type;
  }

  /** The fields that the type has; what it says of one goes over what is said of it for all. */
  private static ObjectNode schema(ObjectNode file, ObjectNode fields) {
    ObjectNode schema = JSON.createObjectNode();
    schema.put("$schema", DIALECT);
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    for (JsonNode field : file.get("fields")) {
      ObjectNode property = ((ObjectNode) fields.get(field.stringValue())).deepCopy();
      properties.set(
          field.stringValue(), merged(property, file.path("properties").path(field.stringValue())));
    }
    schema.set("required", file.get("required"));
    return schema;
  }

  private static ObjectNode merged(ObjectNode usual, JsonNode own) {
    own.forEachEntry(
        (name, value) -> {
          if (value.isObject() && usual.get(name) instanceof ObjectNode inner) {
            merged(inner, value);
          } else {
            usual.set(name, value);
          }
        });
    return usual;
  }

  private static ObjectNode object(String name) {
    return (ObjectNode) JSON.readTree(text(name + ".json"));
  }

  private static String text(String file) {
    String path = "/types/" + file;
    try (InputStream in = DestinationTypes.class.getResourceAsStream(path)) {
      return new String(Objects.requireNonNull(in, path).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
