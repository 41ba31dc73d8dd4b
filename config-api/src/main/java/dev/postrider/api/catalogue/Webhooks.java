// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a tenant's receivers get, as the section {@code webhooks} of an OpenAPI document.
 *
 * @see <a href="https://spec.openapis.org/oas/v3.1.1.html#oas-webhooks">OpenAPI 3.1.1, webhooks</a>
 */
final class Webhooks {

  private static final Map<String, String> HEADERS =
      Map.of(
          "webhook-id", "The delivery's id, the same in every attempt",
          "webhook-timestamp", "When this attempt was signed, in seconds since 1970",
          "webhook-signature",
              "The signature, see Standard Webhooks; other schemes have their own");

  private Webhooks() {}

  static ObjectNode document(String tenant, List<CatalogueEntry> entries) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.1.1");
    document
        .putObject("info")
        .put("title", "Webhooks of " + tenant)
        .put("version", "v1")
        .put("description", "What receivers get; with the default format, the data is the body.");
    ObjectNode webhooks = document.putObject("webhooks");
    entries.forEach(entry -> webhooks.putObject(entry.name()).set("post", operation(entry)));
    return document;
  }

  private static ObjectNode operation(CatalogueEntry entry) {
    JsonNode description = entry.settings().path("description");
    ObjectNode operation = JsonNodeFactory.instance.objectNode();
    operation.put("operationId", entry.name());
    operation.put("summary", entry.name());
    if (description.isString()) {
      operation.set("description", description);
    }
    HEADERS.forEach((name, meaning) -> header(operation, name, meaning));
    ObjectNode body = operation.putObject("requestBody");
    ObjectNode json = body.putObject("content").putObject("application/json");
    json.set("schema", schema(entry));
    JsonNode example = entry.settings().path("example");
    if (!example.isNull()) {
      json.set("example", example);
    }
    ObjectNode responses = operation.putObject("responses");
    responses.putObject("2XX").put("description", "Received: it is not sent again");
    responses.putObject("410").put("description", "Wanted no more: the destination is disabled");
    responses.putObject("default").put("description", "Sent again on the destination's schedule");
    return operation;
  }

  private static void header(ObjectNode operation, String name, String meaning) {
    operation
        .withArray("parameters")
        .addObject()
        .put("name", name)
        .put("in", "header")
        .put("description", meaning)
        .putObject("schema")
        .put("type", "string");
  }

  /** With an id of its own, what it refers to is looked for in itself. */
  private static JsonNode schema(CatalogueEntry entry) {
    JsonNode schema = entry.schema().deepCopy();
    if (schema instanceof ObjectNode object) {
      object.put("$id", entry.schemaUrl(entry.version()));
    }
    return schema.isNull() ? JsonNodeFactory.instance.booleanNode(true) : schema;
  }
}
