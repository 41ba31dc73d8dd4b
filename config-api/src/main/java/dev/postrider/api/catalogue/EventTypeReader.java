// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import dev.postrider.api.problem.Fields;
import dev.postrider.api.problem.Violations;
import dev.postrider.model.event.EventType;
import dev.postrider.model.event.OperationalEvents;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what a tenant says of an event type. */
final class EventTypeReader {

  private static final int LONGEST_DESCRIPTION = 4000;
  private static final int LONGEST_EXAMPLE = 64 * 1024;
  private static final List<String> IN_ANSWERS_ONLY =
      List.of("version", "versions", "schema_url", "created_at", "updated_at");

  private EventTypeReader() {}

  /** Whole settings for a type that there is; what only answers have is passed over. */
  static ObjectNode replacement(ObjectNode body, String name) {
    body.remove(IN_ANSWERS_ONLY);
    return read(body, name);
  }

  /**
   * The settings in normal form.
   *
   * @param name of the type that there is, or null for a new one, which says its own
   */
  static ObjectNode read(ObjectNode body, @Nullable String name) {
    Violations violations = new Violations();
    Fields fields = Fields.of(body, violations);
    name(fields, name);
    String description = fields.text("description", null);
    if (description != null && description.length() > LONGEST_DESCRIPTION) {
      fields.refuse("description", "must be at most 4000 characters: had " + description.length());
    }
    JsonNode schema = schema(fields, violations);
    JsonNode example = example(fields);
    if (fields.truth("validate", false) && schema.isNull()) {
      fields.refuse("validate", "needs a schema");
    }
    fields.refuseUnknown();
    if (violations.none() && !schema.isNull() && !example.isNull()) {
      DataSchema.of(schema).check(example, "example", violations);
    }
    violations.refuse();
    return fields.normal();
  }

  /** The data of {@code {"data": …}}, which may be anything. */
  static JsonNode sample(ObjectNode body) {
    Violations violations = new Violations();
    Fields fields = Fields.of(body, violations);
    JsonNode data = fields.take("data");
    fields.refuseUnknown();
    violations.refuse();
    return data == null ? NullNode.instance : data;
  }

  private static void name(Fields fields, @Nullable String name) {
    String given = name == null ? fields.requiredText("name") : fields.text("name", name);
    if (name != null && !name.equals(given)) {
      fields.refuse("name", "cannot be changed: it is '%s'".formatted(name));
    } else if (given != null && !given.isBlank() && !allows(given)) {
      fields.refuse(
          "name",
          "must be 1 to 255 letters, digits or ._:- and begin with a letter or digit, and not with"
              + " 'postrider.': was '%s'".formatted(given));
    }
  }

  /** A slash could not stand in a path. */
  private static boolean allows(String name) {
    return EventType.allows(name)
        && name.indexOf('/') < 0
        && !name.startsWith(OperationalEvents.PREFIX);
  }

  private static JsonNode schema(Fields fields, Violations violations) {
    JsonNode schema = fields.take("schema");
    if (schema != null && !schema.isObject() && !schema.isBoolean()) {
      fields.refuse("schema", "must be a JSON Schema: an object, true or false");
      schema = null;
    } else if (schema != null) {
      DataSchema.judge(schema, violations);
    }
    return written(fields, "schema", schema);
  }

  private static JsonNode example(Fields fields) {
    JsonNode example = fields.take("example");
    if (example != null && example.toString().length() > LONGEST_EXAMPLE) {
      fields.refuse("example", "must have at most 65536 characters");
      example = null;
    }
    return written(fields, "example", example);
  }

  private static JsonNode written(Fields fields, String name, @Nullable JsonNode value) {
    JsonNode written = value == null ? NullNode.instance : value;
    fields.write(name, written);
    return written;
  }
}
