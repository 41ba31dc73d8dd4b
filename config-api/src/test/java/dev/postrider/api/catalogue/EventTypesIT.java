// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.postrider.api.ApiIT;
import dev.postrider.api.problem.MergePatch;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.BodyContentSpec;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** B10: event type catalogue with JSON Schemas, payloads validated on request, versions. */
class EventTypesIT extends ApiIT {

  private static final String TYPES = "/api/v1/event-types";
  private static final String ADMIN = "librarian/tenant_admin";
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}
      """;

  @Test
  void b10DescribesATypeAndShowsIt() {
    described("shown", "\"schema\": %s, \"example\": {\"title\": \"x\"}".formatted(SCHEMA))
        .expectStatus()
        .isCreated()
        .expectHeader()
        .valueEquals("Location", TYPES + "/shown");
    as("librarian/auditor", HttpMethod.GET, TYPES + "/shown")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.schema.required[0]")
        .isEqualTo("title")
        .jsonPath("$.version")
        .isEqualTo(1)
        .jsonPath("$.schema_url")
        .isEqualTo(TYPES + "/shown/versions/1")
        .jsonPath("$.validate")
        .isEqualTo(false);
    described("shown", "\"description\": \"again\"").expectStatus().isEqualTo(409);
  }

  @Test
  void b10KeepsEverySchemaThatATypeHasHad() {
    described("versioned", "\"schema\": " + SCHEMA).expectHeader().valueEquals("ETag", "\"1\"");
    patch("versioned", "{\"description\": \"same schema\"}")
        .expectBody()
        .jsonPath("$.version")
        .isEqualTo(1);
    patch("versioned", "{\"schema\": {\"type\": \"string\"}}")
        .expectBody()
        .jsonPath("$.version")
        .isEqualTo(2)
        .jsonPath("$.versions[*].version")
        .isEqualTo(List.of(2, 1));
    schema("versioned", "1").expectBody().jsonPath("$.required[0]").isEqualTo("title");
    schema("versioned", "2").expectBody().jsonPath("$.type").isEqualTo("string");
    schema("versioned", "3").expectStatus().isNotFound();
    schema("versioned", "x").expectStatus().isNotFound();
  }

  @Test
  void b10RefusesEventsThatDoNotFitWhereTheTypeAsksForIt() {
    described("strict", "\"validate\": true, \"schema\": " + SCHEMA).expectStatus().isCreated();
    refusedSoon("strict", "{\"title\": 1}")
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("data/title");
    post("librarian/publisher", EVENTS, "{\"type\": \"strict\"}")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].message")
        .isEqualTo("data is required, as events of strict are checked");
    publish("strict", "{\"title\": \"fits\"}", null).expectStatus().isAccepted();
    publish("unknown.to.the.catalogue", "{\"title\": 1}", null).expectStatus().isAccepted();
  }

  @Test
  void b10ChecksAnEventWithTheVersionThatItNames() {
    described("evolved", "\"validate\": true, \"schema\": " + SCHEMA);
    patch("evolved", "{\"schema\": {\"type\": \"string\"}}");
    refusedSoon("evolved", "{\"title\": \"old\"}");
    publish("evolved", "{\"title\": \"old\"}", "https://x.example" + TYPES + "/evolved/versions/1")
        .expectStatus()
        .isAccepted();
    publish("evolved", "\"new\"", TYPES + "/evolved/versions/9")
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("dataschema");
  }

  @Test
  void b10NamesTheEventOfABatchThatDoesNotFit() {
    described("batched", "\"validate\": true, \"schema\": " + SCHEMA);
    refusedSoon("batched", "1");
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/s\",\"type\":\"batched\",%s}";
    String good = event.formatted("1", "\"data\":{\"title\":\"x\"}");
    String bad = event.formatted("2", "\"data\":{}");
    refusedFor(
        as("librarian/publisher", HttpMethod.POST, EVENTS)
            .contentType(MediaType.parseMediaType("application/cloudevents-batch+json"))
            .bodyValue("[" + good + "," + bad + "]"),
        "[1].data");
  }

  @Test
  void b10ChecksDataOnRequest() {
    described("asked", "\"schema\": " + SCHEMA);
    validated("asked", "{\"data\": {\"title\": \"x\"}}").jsonPath("$.valid").isEqualTo(true);
    validated("asked", "{\"data\": {}}")
        .jsonPath("$.valid")
        .isEqualTo(false)
        .jsonPath("$.errors[0].field")
        .isEqualTo("data");
  }

  @Test
  void b10GoesOnPublishingWhenTheTypeIsRemoved() {
    described("removed", "\"validate\": true, \"schema\": " + SCHEMA);
    refusedSoon("removed", "1");
    as(ADMIN, HttpMethod.DELETE, TYPES + "/removed").exchange().expectStatus().isNoContent();
    as(ADMIN, HttpMethod.GET, TYPES + "/removed").exchange().expectStatus().isNotFound();
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> publish("removed", "1", null).expectStatus().isAccepted());
  }

  @Test
  void refusesAnExampleThatDoesNotFitAndASchemaThatIsNone() {
    described("misfit", "\"schema\": %s, \"example\": {}".formatted(SCHEMA))
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("example");
    refusedFor(
        post(
            ADMIN,
            TYPES,
            "{\"name\": \"a/b\", \"schema\": {\"type\": 7}, \"validate\": \"x\", \"tenant\": \"acme\"}"),
        "name",
        "schema/type",
        "validate",
        "tenant");
    described("postrider.own", "\"validate\": false").expectStatus().isBadRequest();
    described("needs", "\"validate\": true").expectStatus().isBadRequest();
  }

  @Test
  void refusesAChangeOfWhatHasChangedSince() {
    described("raced", "\"validate\": false");
    as(ADMIN, HttpMethod.PUT, TYPES + "/raced")
        .header("If-Match", "\"7\"")
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue("{\"name\": \"raced\"}")
        .exchange()
        .expectStatus()
        .isEqualTo(412);
    patch("raced", "{\"name\": \"renamed\"}").expectStatus().isBadRequest();
  }

  @Test
  void isTheTenantsOwn() {
    described("private", "\"validate\": false");
    as("globex/tenant_admin", HttpMethod.GET, TYPES + "/private")
        .exchange()
        .expectStatus()
        .isNotFound();
    post("librarian/operator", TYPES, "{\"name\": \"x\"}").exchange().expectStatus().isForbidden();
  }

  @Test
  void b10DescribesItselfToReceiversAsWebhooks() throws IOException {
    described("hooked", "\"schema\": %s, \"example\": {\"title\": \"x\"}".formatted(SCHEMA));
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    try (InputStream openApi = getClass().getResourceAsStream("/contract/openapi-3.1.json")) {
      as(ADMIN, HttpMethod.GET, "/api/v1/webhooks/openapi.json")
          .exchange()
          .expectBody(String.class)
          .value(
              text ->
                  assertThat(
                          registry
                              .getSchema(openApi, InputFormat.JSON)
                              .validate(text, InputFormat.JSON))
                      .isEmpty());
    }
    as(ADMIN, HttpMethod.GET, "/api/v1/webhooks/openapi.json")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.openapi")
        .isEqualTo("3.1.1")
        .jsonPath("$.webhooks.hooked.post.requestBody.content['application/json'].schema.required")
        .isEqualTo(List.of("title"));
  }

  private ResponseSpec described(String name, String members) {
    return post(ADMIN, TYPES, "{\"name\": \"%s\", %s}".formatted(name, members)).exchange();
  }

  private ResponseSpec patch(String name, String patch) {
    return as(ADMIN, HttpMethod.PATCH, TYPES + "/" + name)
        .contentType(MediaType.parseMediaType(MergePatch.TYPE))
        .bodyValue(patch)
        .exchange();
  }

  private ResponseSpec schema(String name, String version) {
    return as(ADMIN, HttpMethod.GET, TYPES + "/" + name + "/versions/" + version).exchange();
  }

  private BodyContentSpec validated(String name, String body) {
    return post("librarian/operator", TYPES + "/" + name + "/validate", body)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody();
  }

  /** What was described counts before five seconds are over. */
  private ResponseSpec refusedSoon(String type, String data) {
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> publish(type, data, null).expectStatus().isBadRequest());
    return publish(type, data, null).expectStatus().isBadRequest();
  }

  private ResponseSpec publish(String type, String data, String schema) {
    String event =
        schema == null
            ? "{\"type\": \"%s\", \"data\": %s}".formatted(type, data)
            : "{\"type\": \"%s\", \"data\": %s, \"extensions\": {\"dataschema\": \"%s\"}}"
                .formatted(type, data, schema);
    return post("librarian/publisher", EVENTS, event).exchange();
  }
}
