// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.path.PathType;
import com.networknt.schema.regex.RegularExpression;
import dev.postrider.api.problem.Violations;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON Schema (draft 2020-12) that is safe to check anybody's data with: it refers to nothing
 * outside of itself, its regular expressions run in linear time, and a check ends after so many
 * steps.
 *
 * @see <a href="https://json-schema.org/draft/2020-12/json-schema-core">JSON Schema 2020-12</a>
 */
final class DataSchema {

  private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
  private static final List<String> REFERENCES = List.of("$ref", "$dynamicRef");
  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_STEPS = 500_000;
  private static final int MOST_DEPTH = 200;
  private static final int MOST_TOLD = 20;

  private static final SchemaRegistryConfig CONFIG =
      SchemaRegistryConfig.builder()
          .pathType(PathType.JSON_POINTER)
          .locale(Locale.ROOT)
          .preloadSchema(true)
          .regularExpressionFactory(DataSchema::linear)
          .build();
  private static final ExecutionConfig BOUNDED =
      ExecutionConfig.builder()
          .formatAssertionsEnabled(true)
          .maxEvaluationSteps(MOST_STEPS)
          .maxEvaluationDepth(MOST_DEPTH)
          .build();
  private static final Schema OF_SCHEMAS = registry().getSchema(SchemaLocation.of(DRAFT));

  private final Schema schema;

  private DataSchema(Schema schema) {
    this.schema = schema;
  }

  /** Reads one that was let through before. */
  static DataSchema of(JsonNode json) {
    JsonNode own = json.deepCopy();
    if (own instanceof ObjectNode object) {
      object.remove("$id"); // two tenants may use the same
    }
    Schema schema = registry().getSchema(own);
    schema.initializeValidators();
    return new DataSchema(schema);
  }

  /** Notes what is wrong with a schema that somebody wants to have. */
  static void judge(JsonNode json, Violations violations) {
    int before = violations.count();
    if (json.toString().length() > MOST_BYTES) {
      violations.add("schema", "schema must have at most 65536 characters");
      return;
    }
    JsonNode draft = json.path("$schema");
    if (!draft.isMissingNode() && !DRAFT.equals(draft.asString(""))) {
      violations.add("schema/$schema", "schema/$schema must be '%s' or absent".formatted(DRAFT));
      return;
    }
    refuseOutside(json, "schema", true, violations);
    check(OF_SCHEMAS, json, "schema", violations);
    if (violations.count() == before) {
      tryOut(json, violations);
    }
  }

  private static void tryOut(JsonNode json, Violations violations) {
    try {
      of(json);
    } catch (SchemaException | PatternSyntaxException e) {
      violations.add("schema", "schema cannot be used: " + e.getMessage());
    }
  }

  private static void refuseOutside(
      JsonNode json, String path, boolean root, Violations violations) {
    for (String name : REFERENCES) {
      JsonNode reference = json.path(name);
      if (reference.isString() && !reference.stringValue().startsWith("#")) {
        violations.add(
            path + "/" + name,
            path + "/" + name + " must stay within the schema, and so begin with '#'");
      }
    }
    if (!root && json.path("$id").isString()) {
      violations.add(path + "/$id", path + ".$id can only stand at the root");
    }
    json.properties()
        .forEach(
            member ->
                refuseOutside(member.getValue(), path + "/" + member.getKey(), false, violations));
    for (int index = 0; json.isArray() && index < json.size(); index++) {
      refuseOutside(json.get(index), path + "/" + index, false, violations);
    }
  }

  /** Notes where the data does not fit; the path is what the caller calls it. */
  void check(JsonNode data, String path, Violations violations) {
    check(schema, data, path, violations);
  }

  private static void check(Schema schema, JsonNode data, String path, Violations violations) {
    try {
      schema.validate(data, context -> context.setExecutionConfig(BOUNDED)).stream()
          .limit(MOST_TOLD)
          .forEach(error -> note(error, path, violations));
    } catch (ValidationLimitExceededException _) {
      violations.add(
          path,
          "%s takes more than %d steps or %d levels to check"
              .formatted(path, MOST_STEPS, MOST_DEPTH));
    }
  }

  private static void note(com.networknt.schema.Error error, String path, Violations violations) {
    String field = path + error.getInstanceLocation();
    violations.add(field, field + ": " + error.getMessage());
  }

  private static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(CONFIG));
  }

  /** RE2: no back-references, no look-around, and no input that takes it for ever. */
  private static RegularExpression linear(String expression) {
    Pattern pattern = Pattern.compile(expression);
    return text -> pattern.matcher(text).find();
  }
}
