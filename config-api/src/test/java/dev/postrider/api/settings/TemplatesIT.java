// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TopicContent;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient.BodyContentSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Templates and types by REST; what templates can do is TemplateTest's. */
class TemplatesIT extends ApiIT {

  private static final String ADMIN = "acme/tenant_admin";
  private static final String PREVIEW = DESTINATIONS + "/preview";
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> IN_ANSWERS_ONLY =
      Set.of("id", "created_at", "updated_at", "status", "status_reason", "certificate");

  @Test
  void b9TellsTheWorkerTheTemplate() {
    String template = "{\"text\": {{ data.title|tojson }}}";
    Object id = created(ADMIN, templated(template, null).toString()).get("id");

    var request =
        TopicContent.of(Topics.DESTINATIONS).reversed().stream()
            .filter(record -> new String(record.key()).equals(id))
            .findFirst()
            .map(record -> ModelJson.readDestination(record.value()).request())
            .orElseThrow();
    assertThat(request.format()).isEqualTo(PayloadFormat.TEMPLATE);
    assertThat(request.template()).isEqualTo(template);
  }

  @Test
  void b9RefusesATemplateThatDoesNotCompile() {
    refused(DESTINATIONS, templated("{\n{% if data %}{{ data|nosuch }}{% endif %}}", null))
        .jsonPath("$.errors[0].field")
        .isEqualTo("template")
        .jsonPath("$.errors[0].message")
        .isEqualTo("template is refused: line 2: there is no filter nosuch");
  }

  @Test
  void b9RefusesATemplateThatFailsOnTheSample() {
    String loop = "{% for i in range(1000) %}";
    String slow = loop.repeat(3) + "{% endfor %}".repeat(3);

    refused(DESTINATIONS, templated("\n{{ data.n|round }}", "{\"n\": \"x\"}"))
        .jsonPath("$.errors[0].field")
        .isEqualTo("template")
        .jsonPath("$.detail")
        .value(
            String.class,
            detail -> assertThat(detail).startsWith("template fails on content_sample: line 2"));
    refused(DESTINATIONS, templated(slow, "{}"))
        .jsonPath("$.detail")
        .value(String.class, detail -> assertThat(detail).contains("100 ms"));
  }

  @Test
  void b9NamesTheTemplateBesideWhateverElseIsWrong() {
    refused(DESTINATIONS, templated("{{", null).put("endpoint_url", "").put("timeout_seconds", 99))
        .jsonPath("$.errors.length()")
        .isEqualTo(3);
  }

  @Test
  void b9PreviewsWhatATemplateMakes() {
    previewed(
            """
            {"payload_format": "template", "event_type": "incident.triggered",
             "template": "{\\"t\\": {{ data.title|tojson }}, \\"n\\": {{ data.n }}, \\"k\\": \\"{{ event.type }}{{ event.zone }}\\"}",
             "event": {"zone": "eu"}, "data": {"title": "Zürich", "n": 4.50}}
            """)
        .jsonPath("$.body")
        .isEqualTo("{\"t\": \"Zürich\", \"n\": 4.50, \"k\": \"incident.triggeredeu\"}")
        .jsonPath("$.content_type")
        .isEqualTo("application/json")
        .jsonPath("$.headers")
        .isEmpty();
  }

  @Test
  void b9PreviewsEveryFormat() {
    previewed("{\"data\": {\"n\": 4.50}, \"event_type\": \"a.b\"}")
        .jsonPath("$.body")
        .isEqualTo("{\"n\": 4.50}")
        .jsonPath("$.headers[?(@.key == 'ce-type')].value")
        .isEqualTo("a.b")
        .jsonPath("$.headers[?(@.key == 'ce-tenantid')]")
        .doesNotExist();
    previewed("{\"payload_format\": \"standard_webhooks\", \"data\": {\"n\": 4.50}}")
        .jsonPath("$.body")
        .value(String.class, body -> assertThat(body).endsWith("\"data\":{\"n\": 4.50}}"));
    previewed(
            "{\"payload_format\": \"raw\", \"data\": {\"n\":\"ü\"}, \"signing\": {\"scheme\": \"zenduty\"}}")
        .jsonPath("$.body")
        .isEqualTo("{\"n\": \"\\u00fc\"}");
    previewed("{\"http_method\": \"GET\", \"data\": {}}").jsonPath("$.body").isEqualTo("");
  }

  @Test
  void b22PreviewsTheTenantsOwnContentType() {
    previewed(
            """
            {"payload_format": "template", "template": "a={{ data.a|urlencode }}",
             "headers": [{"key": "content-type", "value": "application/x-www-form-urlencoded"}],
             "data": {"a": "b&c"}}
            """)
        .jsonPath("$.body")
        .isEqualTo("a=b%26c")
        .jsonPath("$.content_type")
        .isEqualTo("application/x-www-form-urlencoded");
  }

  @Test
  void b9NamesWhatAPreviewFailsAt() {
    ObjectNode failing = JSON.createObjectNode().put("payload_format", "template");

    refused(PREVIEW, failing.deepCopy().put("template", "\n{{ 'x'|round }}"))
        .jsonPath("$.errors[0].field")
        .isEqualTo("template");
    refused(PREVIEW, failing.deepCopy()).jsonPath("$.errors[0].field").isEqualTo("template");
    refused(PREVIEW, JSON.createObjectNode().put("event_type", "a b").put("extra", 1))
        .jsonPath("$.errors.length()")
        .isEqualTo(2);
  }

  @Test
  void o8ListsTheTypes() {
    as("acme/auditor", HttpMethod.GET, "/api/v1/integrations/types")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.items[?(@.type == 'jira_issue')].defaults.payload_format")
        .isEqualTo("template")
        .jsonPath("$.items[?(@.name == 'Outgoing Webhooks')].schema.properties.endpoint_url.type")
        .isEqualTo("string");
  }

  static Stream<ObjectNode> types() {
    return DestinationTypes.all().stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void o8CreatesADestinationOfTheDefaultsOfAType(ObjectNode type) {
    ObjectNode settings = (ObjectNode) type.get("defaults").deepCopy();
    settings.put("name", type.get("name").stringValue());
    settings.put("endpoint_url", "http://127.0.0.1:8085/hook");
    if (settings.get("auth") instanceof ObjectNode auth && auth.has("grant_type")) {
      auth.put("client_id", "ours").put("client_secret", "s3cret");
    }

    assertThat(created(ADMIN, settings.toString()))
        .containsEntry("enabled", !type.get("type").stringValue().equals("outgoing_webhooks"))
        .extractingByKey("auth", InstanceOfAssertFactories.map(String.class, Object.class))
        .containsAllEntriesOf(open(settings.get("auth")));
  }

  /** What is answered of it: all but the secret. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> open(JsonNode auth) {
    ObjectNode open = (ObjectNode) auth.deepCopy();
    open.remove("client_secret");
    return JSON.convertValue(open, Map.class);
  }

  @Test
  void o8DescribesEveryFieldThatADestinationHas() {
    Set<String> answered = created(ADMIN, destination("described")).keySet();
    JsonNode schema = DestinationTypes.all().getFirst().get("schema");

    assertThat(schema.get("properties").propertyNames())
        .containsExactlyInAnyOrderElementsOf(
            answered.stream().filter(name -> !IN_ANSWERS_ONLY.contains(name)).toList());
  }

  private static ObjectNode templated(String template, String sample) {
    return JSON.createObjectNode()
        .put("name", "templated")
        .put("endpoint_url", "http://127.0.0.1:8085/hook")
        .put("payload_format", "template")
        .put("template", template)
        .put("content_sample", sample);
  }

  private BodyContentSpec refused(String uri, ObjectNode body) {
    return post(ADMIN, uri, body.toString()).exchange().expectStatus().isBadRequest().expectBody();
  }

  private BodyContentSpec previewed(String body) {
    return post("acme/operator", PREVIEW, body).exchange().expectStatus().isOk().expectBody();
  }
}
