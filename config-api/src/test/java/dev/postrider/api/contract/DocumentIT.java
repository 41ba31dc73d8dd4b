// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.postrider.api.contract.ApiDocument.Call;
import dev.postrider.model.event.OperationalEvents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI document by itself: that it is one, and complete. */
class DocumentIT extends DescribedApiIT {

  private static final Path CHECKED_IN = Path.of("../docs/openapi.json");
  private static final Path FRESH = Path.of("target/openapi.json");
  private static final String PATH_OF_SCHEMA = "/post/requestBody/content/application~1json/schema";
  private static final JsonMapper PRETTY =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @Value("${postrider.issuer}")
  private String issuer;

  @Autowired
  @Qualifier("requestMappingHandlerMapping") private RequestMappingHandlerMapping handlers;

  @Test
  void p17IsAnOpenApiDocument() throws IOException {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    try (InputStream schema = getClass().getResourceAsStream("/contract/openapi-3.1.json")) {
      assertThat(registry.getSchema(schema, InputFormat.JSON).validate(document.root())).isEmpty();
    }
    assertThat(document.root().get("openapi").stringValue()).startsWith("3.1.");
    assertThat(document.root().at("/servers/0/url").stringValue()).isEqualTo("/");
  }

  @Test
  void p17IsTheOneThatIsCheckedIn() throws IOException {
    String served =
        PRETTY.writeValueAsString(document.root()).replace(issuer, "https://issuer.example.com")
            + "\n";
    Files.writeString(FRESH, served);

    assertThat(Files.exists(CHECKED_IN) ? Files.readString(CHECKED_IN) : "")
        .as("%s; its new text is in config-api/%s", CHECKED_IN, FRESH)
        .isEqualTo(served);
  }

  @Test
  void p17HasEveryRouteThatIsServed() {
    Set<String> served = new TreeSet<>();
    handlers
        .getHandlerMethods()
        .forEach(
            (mapping, _) ->
                mapping.getPatternsCondition().getPatterns().stream()
                    .map(PathPattern::getPatternString)
                    .filter(path -> path.startsWith("/api/v1"))
                    .forEach(
                        path ->
                            mapping
                                .getMethodsCondition()
                                .getMethods()
                                .forEach(method -> served.add(method + " " + path))));

    assertThat(document.calls())
        .extracting(Call::toString)
        .containsExactlyInAnyOrderElementsOf(served);
  }

  @Test
  void p17HasEveryOperationalEventAmongItsWebhooks() {
    JsonNode webhooks = document.root().get("webhooks");

    assertThat(webhooks.propertyNames())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(OperationalEvents.Kind.values()).map(kind -> kind.type().value()).toList());
    assertThat(webhooks)
        .allSatisfy(
            webhook ->
                assertThat(isNamed(webhook.at(PATH_OF_SCHEMA))).as(webhook.toString()).isTrue());
  }

  @Test
  void saysOfEveryCallWhatPeopleMustKnow() {
    List<String> missing = new ArrayList<>();
    for (Call call : document.calls()) {
      missing.addAll(missing(call));
    }

    assertThat(missing).isEmpty();
    assertThat(document.calls()).extracting(Call::id).doesNotHaveDuplicates();
  }

  private List<String> missing(Call call) {
    List<String> missing = new ArrayList<>();
    String handler = call + ": its handler's @Operation needs ";
    if (!call.id().matches("[a-z]+[A-Z][A-Za-z]+")) {
      missing.add(handler + "an operationId such as getDestination");
    }
    if (call.operation().path("summary").asString("").isBlank()) {
      missing.add(handler + "a summary");
    }
    if (call.operation().path("tags").size() != 1) {
      missing.add(call + ": its class needs one @Tag");
    }
    if (call.roles().isEmpty()) {
      missing.add(call + ": its handler needs @Allow");
    }
    document.bodies(call).stream()
        .filter(body -> !isNamed(body.schema()))
        .forEach(
            body ->
                missing.add(
                    handler
                        + "a requestBody of %s with @Schema(ref = …)"
                            .formatted(body.contentType())));
    call.operation()
        .path("responses")
        .forEachEntry(
            (status, response) ->
                document
                    .resolved(response)
                    .path("content")
                    .forEachEntry(
                        (type, media) -> {
                          if (type.endsWith("/json") && !isNamed(media.path("schema"))) {
                            missing.add(
                                "%s: its handler needs @ApiResponse(responseCode = \"%s\", content"
                                    + " = @Content(schema = @Schema(ref = …))), with that schema in a"
                                    + " file under openapi/".formatted(call, status));
                          }
                        }));
    return missing;
  }

  private boolean isNamed(JsonNode schema) {
    return schema.has("$ref") && !document.resolved(schema).isMissingNode();
  }

  @Test
  void refersToNothingThatIsNotThere() {
    assertThat(document.root().findValuesAsString("$ref"))
        .allSatisfy(
            ref ->
                assertThat(document.root().at(ref.substring(1)).isMissingNode())
                    .as("%s needs a description in a file under openapi/", ref)
                    .isFalse());
  }

  @Test
  void namesWhatAComponentIsForOnceAndUsesIt() {
    Set<String> used = new TreeSet<>(document.root().findValuesAsString("$ref"));
    List<String> unused = new ArrayList<>();
    document
        .root()
        .get("components")
        .forEachEntry(
            (kind, parts) ->
                parts
                    .propertyNames()
                    .forEach(name -> unused.add("#/components/" + kind + "/" + name)));
    unused.removeAll(used);

    assertThat(unused).allMatch(name -> name.contains("/securitySchemes/"));
  }

  @Test
  void givesExamplesThatFitTheirSchemas() {
    document
        .root()
        .at("/components/schemas")
        .forEachEntry(
            (name, schema) ->
                schema
                    .path("examples")
                    .forEach(
                        example ->
                            assertThat(document.violations(named(name), example))
                                .as(name)
                                .isEmpty()));
  }

  /** A generated client would send them with every patch. */
  @Test
  void namesNoDefaultsInSchemas() {
    assertThat(document.root().at("/components/schemas").findValues("default")).isEmpty();
  }

  private static JsonNode named(String schema) {
    return ApiDocument.JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema);
  }

  @ParameterizedTest
  @ValueSource(strings = {"password", "secret", "token", "client_key", "client_secret"})
  void p3GivesNoSecretAsAnExample(String field) {
    assertThat(
            Stream.of("examples", "example", "default")
                .flatMap(place -> document.root().findValues(place).stream())
                .flatMap(example -> example.findValues(field).stream()))
        .allSatisfy(value -> assertThat(value.isNull() || value.isObject()).isTrue());
  }
}
