// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.contract;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI document as it is served, and what it says of every call. */
public final class ApiDocument {

  static final JsonMapper JSON = new JsonMapper();

  private static final String PLACE = "https://postrider.example/openapi.json";

  private final JsonNode root;
  private final SchemaRegistry asItStands;
  private final SchemaRegistry strict;

  ApiDocument(String json) {
    this.root = JSON.readTree(json);
    this.asItStands = registry(json);
    JsonNode closed = root.deepCopy();
    closed.at("/components/schemas").forEach(ApiDocument::close);
    this.strict = registry(closed.toString());
  }

  private static SchemaRegistry registry(String json) {
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12,
        registry ->
            registry
                .schemas(Map.of(PLACE, json))
                .schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
  }

  /** What is not described must not come: an object has the members that are named, and no more. */
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.path("properties").isObject()
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    schema.forEach(ApiDocument::close);
  }

  /** One operation of the document. */
  public record Call(String method, String path, JsonNode operation) {

    /** Its {@code operationId}. */
    public String id() {
      return operation.path("operationId").asString("");
    }

    /** Its {@code x-roles}. */
    public List<String> roles() {
      List<String> roles = new ArrayList<>();
      operation.path("x-roles").forEach(role -> roles.add(role.stringValue()));
      return roles;
    }

    Set<String> statuses() {
      return new TreeSet<>(operation.path("responses").propertyNames());
    }

    boolean takesBody() {
      return operation.has("requestBody");
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /**
   * A body that a call takes.
   *
   * @param schema as the operation names it
   */
  record Body(String contentType, JsonNode schema) {}

  JsonNode root() {
    return root;
  }

  /** All calls, by path. */
  public List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    root.get("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, operation) ->
                        calls.add(new Call(method.toUpperCase(Locale.ROOT), path, operation))));
    return calls;
  }

  Call call(String id) {
    return calls().stream().filter(call -> call.id().equals(id)).findFirst().orElseThrow();
  }

  /** Follows references. */
  JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? resolved(root.at(node.get("$ref").stringValue().substring(1))) : node;
  }

  /** Parameters in this place; with their references followed. */
  List<JsonNode> parameters(Call call, String place) {
    List<JsonNode> parameters = new ArrayList<>();
    for (JsonNode parameter : call.operation().path("parameters")) {
      JsonNode resolved = resolved(parameter);
      if (resolved.path("in").asString("").equals(place)) {
        parameters.add(resolved);
      }
    }
    return parameters;
  }

  List<Body> bodies(Call call) {
    List<Body> bodies = new ArrayList<>();
    resolved(call.operation().path("requestBody"))
        .path("content")
        .forEachEntry((type, media) -> bodies.add(new Body(type, media.path("schema"))));
    return bodies;
  }

  /** The first example of a schema. */
  Optional<JsonNode> example(JsonNode schema) {
    JsonNode examples = resolved(schema).path("examples");
    return examples.isEmpty() ? Optional.empty() : Optional.of(examples.get(0).deepCopy());
  }

  /** What is wrong with a value by this schema, as it stands. */
  List<String> violations(JsonNode schema, JsonNode value) {
    return violations(schema, value, asItStands);
  }

  /** What is wrong with it, and whatever it has that is not described. */
  List<String> strictViolations(JsonNode schema, JsonNode value) {
    return violations(schema, value, strict);
  }

  private static List<String> violations(JsonNode schema, JsonNode value, SchemaRegistry registry) {
    String reference = schema.path("$ref").asString("");
    Schema named =
        reference.isEmpty()
            ? registry.getSchema(schema)
            : registry.getSchema(SchemaLocation.of(PLACE + reference));
    return named.validate(value).stream().map(Error::toString).toList();
  }
}
