// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import dev.postrider.model.event.OperationalEvents;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What receivers get, as the section {@code webhooks} of an OpenAPI document.
 *
 * @see <a href="https://spec.openapis.org/oas/v3.1.1.html#oas-webhooks">OpenAPI 3.1.1, webhooks</a>
 */
public final class Webhooks {

  private static final Map<String, String> HEADERS =
      new TreeMap<>(
          Map.of(
              "webhook-id", "The delivery's id, the same in every attempt",
              "webhook-timestamp", "When this attempt was signed, in seconds since 1970",
              "webhook-signature",
                  "The signature, see Standard Webhooks; other schemes have their own"));

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

  /**
   * What every tenant can get: Postrider's own events. Their data are described under {@code
   * openapi/}.
   */
  public static ObjectNode operational() {
    ObjectNode webhooks = JsonNodeFactory.instance.objectNode();
    for (OperationalEvents.Kind kind : OperationalEvents.Kind.values()) {
      String type = kind.type().value();
      ObjectNode operation = operation(type, reference(kind));
      webhooks.putObject(type).set("post", operation.put("description", kind.meaning()));
    }
    return webhooks;
  }

  private static ObjectNode reference(OperationalEvents.Kind kind) {
    String schema =
        switch (kind) {
          case DESTINATION_DISABLED, DESTINATION_ENABLED, DESTINATION_AUTHORIZATION_LOST ->
              "DestinationEvent";
          case DELIVERY_FAILED -> "DeliveryEvent";
        };
    return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/" + schema);
  }

  private static ObjectNode operation(CatalogueEntry entry) {
    ObjectNode operation = operation(entry.name(), schema(entry));
    JsonNode description = entry.settings().path("description");
    if (description.isString()) {
      operation.set("description", description);
    }
    JsonNode example = entry.settings().path("example");
    if (!example.isNull()) {
      operation.withObject("/requestBody/content/application~1json").set("example", example);
    }
    return operation;
  }

  private static ObjectNode operation(String type, JsonNode schema) {
    ObjectNode operation = JsonNodeFactory.instance.objectNode();
    operation.put("operationId", type);
    operation.put("summary", type);
    HEADERS.forEach((name, meaning) -> header(operation, name, meaning));
    operation.withObject("/requestBody/content/application~1json").set("schema", schema);
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
