// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.postrider.api.problem.Violation;
import dev.postrider.api.problem.Violations;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DataSchemaTest {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration LONG = Duration.ofSeconds(10);

  @Test
  void namesEveryPlaceThatDoesNotFit() {
    String schema =
        """
        {"type": "object", "required": ["title"],
         "properties": {"count": {"type": "integer"}, "tags": {"items": {"maxLength": 2}}}}
        """;
    assertThat(check(schema, "{\"count\": \"many\", \"tags\": [\"ok\", \"too long\"]}"))
        .extracting(Violation::field)
        .containsExactlyInAnyOrder("data", "data/count", "data/tags/1");
    assertThat(check(schema, "{\"title\": \"x\", \"count\": 1}")).isEmpty();
  }

  @Test
  void checksFormatsToo() {
    assertThat(check("{\"format\": \"date-time\"}", "\"yesterday\"")).hasSize(1);
    assertThat(check("{\"format\": \"date-time\"}", "\"2026-11-28T12:00:00Z\"")).isEmpty();
  }

  @Test
  void takesSchemasThatReferToThemselves() {
    String tree =
        """
        {"$id": "https://example.com/tree", "$defs": {"node": {"type": "object",
          "properties": {"children": {"items": {"$ref": "#/$defs/node"}}}}},
         "$ref": "#/$defs/node"}
        """;
    assertThat(judge(tree)).isEmpty();
    assertThat(check(tree, "{\"children\": [{\"children\": [1]}]}"))
        .extracting(Violation::field)
        .containsExactly("data/children/0/children/0");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type": "strange"}                                              | schema/type
          {"properties": 1}                                                | schema/properties
          {"$ref": "http://169.254.169.254/latest"}                        | schema/$ref
          {"$ref": "file:///etc/passwd"}                                   | schema/$ref
          {"$ref": "other.json"}                                           | schema/$ref
          {"items": {"$ref": "classpath:/application.yaml"}}               | schema/items/$ref
          {"anyOf": [{"$dynamicRef": "https://example.com/x"}]}            | schema/anyOf/0/$dynamicRef
          {"properties": {"a": {"$id": "https://example.com/nested"}}}     | schema/properties/a/$id
          {"$schema": "http://json-schema.org/draft-07/schema#"}           | schema/$schema
          {"$ref": "#/$defs/nowhere"}                                      | schema
          {"pattern": "(?=look-around)"}                                   | schema/pattern
          {"pattern": "(a)\\\\1"}                                          | schema/pattern
          """)
  void refusesASchemaThatItCouldNotCheckWith(String schema, String field) {
    assertThat(judge(schema)).extracting(Violation::field).contains(field);
  }

  @Test
  void refusesASchemaThatIsTooLarge() {
    assertThat(judge("{\"title\": \"" + "x".repeat(70_000) + "\"}")).hasSize(1);
  }

  @Test
  void endsWhenASchemaWouldDoubleAtEveryLevel() {
    StringBuilder schema = new StringBuilder("{\"$defs\": {\"d40\": {\"type\": \"string\"}");
    for (int level = 0; level < 40; level++) {
      String next = "{\"$ref\": \"#/$defs/d%d\"}".formatted(level + 1);
      schema.append(", \"d%d\": {\"allOf\": [%s, %s]}".formatted(level, next, next));
    }
    schema.append("}, \"$ref\": \"#/$defs/d0\"}");
    assertTimeoutPreemptively(
        LONG,
        () ->
            assertThat(check(schema.toString(), "\"x\""))
                .extracting(Violation::message)
                .anyMatch(message -> message.contains("more than 500000 steps")));
  }

  @Test
  void endsWhenARegularExpressionWouldGoBackForEver() {
    String data = "\"" + "a".repeat(50_000) + "!\"";
    assertTimeoutPreemptively(
        LONG, () -> assertThat(check("{\"pattern\": \"^(a+)+$\"}", data)).hasSize(1));
  }

  @Test
  void endsWhenASchemaRefersToItselfAlone() {
    assertTimeoutPreemptively(LONG, () -> assertThat(check("{\"$ref\": \"#\"}", "1")).isNotEmpty());
  }

  private static List<Violation> judge(String schema) {
    Violations violations = new Violations();
    DataSchema.judge(json(schema), violations);
    return violations.all();
  }

  private static List<Violation> check(String schema, String data) {
    Violations violations = new Violations();
    DataSchema.of(json(schema)).check(json(data), "data", violations);
    return violations.all();
  }

  private static JsonNode json(String text) {
    return JSON.readTree(text);
  }
}
