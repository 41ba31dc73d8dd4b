// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies that differ from a good one in one place each: every member that the schema has, with each
 * of the values that people get wrong, and members that nobody has described.
 */
final class HostileBodies {

  /** What others have set by naming it, where a binder took whatever came. */
  static final List<String> NOT_TO_BE_SET =
      List.of("tenant", "tenant_id", "status", "id", "created_at", "updated_at", "version", "role");

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ApiDocument document;
  private final JsonNode good;
  private final List<Body> bodies = new ArrayList<>();

  /**
   * One body.
   *
   * @param member the outermost member that is other than it should be
   */
  record Body(String member, JsonNode json) {}

  private HostileBodies(ApiDocument document, JsonNode good) {
    this.document = document;
    this.good = good;
  }

  /** All of them. */
  static List<Body> of(ApiDocument document, JsonNode schema, JsonNode good) {
    HostileBodies hostile = new HostileBodies(document, good);
    if (good.isObject()) {
      hostile.members(schema, List.of());
    }
    return hostile.bodies;
  }

  private void members(JsonNode schema, List<String> path) {
    JsonNode object = document.resolved(schema);
    add(path, "unknown", NODES.stringNode("x"));
    object
        .path("properties")
        .forEachEntry(
            (name, property) -> {
              JsonNode resolved = chosen(property);
              values(resolved).forEach(value -> add(path, name, value));
              if (resolved.has("properties") && path.size() < 3) {
                members(resolved, append(path, name));
              }
            });
  }

  /** Of an alternative the first, which is not null. */
  private JsonNode chosen(JsonNode property) {
    JsonNode resolved = document.resolved(property);
    return resolved.has("oneOf") ? document.resolved(resolved.get("oneOf").get(0)) : resolved;
  }

  private List<JsonNode> values(JsonNode schema) {
    List<JsonNode> values =
        new ArrayList<>(
            List.of(
                NODES.numberNode(-1),
                NODES.numberNode(0),
                NODES.numberNode(1.5),
                NODES.numberNode(1L << 53),
                NODES.stringNode("x"),
                NODES.stringNode("☃ \u0000\r\n"),
                NODES.stringNode("' or 1=1 --"),
                NODES.booleanNode(true),
                NODES.arrayNode(),
                NODES.arrayNode().add(7),
                NODES.objectNode().put("a", 1)));
    bound(schema, "minimum", limit -> values.add(NODES.numberNode(limit - 1)));
    bound(schema, "maximum", limit -> values.add(NODES.numberNode(limit + 1)));
    bound(schema, "maxLength", limit -> values.add(NODES.stringNode("x".repeat(limit + 1))));
    bound(schema, "maxItems", limit -> values.add(many(schema, limit + 1)));
    schema.path("enum").forEach(values::add);
    schema.path("examples").forEach(values::add);
    return values;
  }

  private static void bound(JsonNode schema, String keyword, IntConsumer use) {
    if (schema.has(keyword)) {
      use.accept(schema.get(keyword).asInt());
    }
  }

  private JsonNode many(JsonNode schema, int count) {
    JsonNode item = chosen(schema.path("items"));
    JsonNode one =
        item.path("type").asString("").equals("integer")
            ? NODES.numberNode(1)
            : item.path("type").asString("").equals("string")
                ? NODES.stringNode("a.b")
                : NODES.objectNode();
    ArrayNode many = NODES.arrayNode();
    for (int i = 0; i < count; i++) {
      many.add(one);
    }
    return many;
  }

  private void add(List<String> path, String name, JsonNode value) {
    ObjectNode body = (ObjectNode) good.deepCopy();
    ObjectNode place = body;
    for (String step : path) {
      place = place.get(step) instanceof ObjectNode inner ? inner : place.putObject(step);
    }
    place.set(name, value);
    bodies.add(new Body(path.isEmpty() ? name : path.getFirst(), body));
  }

  private static List<String> append(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }
}
