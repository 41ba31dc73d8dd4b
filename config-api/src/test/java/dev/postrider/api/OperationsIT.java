// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.test.TestKafka;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpMethod;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OperationsIT extends ApiIT {

  @Value("${local.management.port}")
  private int management;

  @Test
  void servesHealthAndMetricsOnThePortForOperators() {
    assertThat(body("http://127.0.0.1:" + management + "/actuator/health"))
        .contains("\"status\":\"UP\"");
    assertThat(body("http://127.0.0.1:" + management + "/actuator/prometheus"))
        .contains(
            "postrider_outbox_pending",
            "postrider_recorder_batch_size_bucket",
            "postrider_recorder_lag_seconds");
    http.get().uri("/actuator/health").exchange().expectStatus().isNotFound();
  }

  @Test
  void describesEveryCallInOpenApi() {
    assertThat(body("/api/openapi.json"))
        .contains(
            "\"openapi\":\"3.1",
            DESTINATIONS + "/{id}/enable",
            EVENTS + "/{id}",
            DELIVERIES,
            "\"bearer\"",
            "authorizationCode",
            "Tenant SOC webhook")
        .contains("\"201\":", "\"202\":", "\"204\":", "#/components/responses/412")
        .doesNotContain("\"caller\"", "\"exchange\"");
    http.head().uri("/api/openapi.json").exchange().expectStatus().isOk();
    http.get().uri("/api/docs").exchange().expectStatus().is3xxRedirection();
    assertThat(body("/api/openapi.json/swagger-config"))
        .contains("/api/swagger-ui/oauth2-redirect.html\""); // registered with the issuer
    assertThat(body("/api/swagger-ui/oauth2-redirect.html")).contains("oauth2-redirect.js");
  }

  /** As "Try it out" does after "Authorize": the document's own example, path and scheme. */
  @Test
  void p4LetsPeopleTryOutWhatTheDocumentSaysWithABearerToken() {
    JsonNode document = JsonMapper.shared().readTree(body("/api/openapi.json"));
    assertThat(document.at("/components/securitySchemes/bearer/type").stringValue())
        .isEqualTo("http");
    assertThat(document.at("/components/securitySchemes/bearer/scheme").stringValue())
        .isEqualTo("bearer");
    assertThat(document.path("security").toString()).contains("{\"bearer\":[]}");
    JsonNode content =
        document.path("paths").path(DESTINATIONS).at("/post/requestBody/content/application~1json");
    String schema = content.at("/schema/$ref").stringValue();
    String example = document.at(schema.substring(1) + "/examples/0").toString();

    http.get().uri("/api/docs").exchange().expectStatus().is3xxRedirection();
    post("tried/tenant_admin", DESTINATIONS, example).exchange().expectStatus().isCreated();
    as("tried/tenant_admin", HttpMethod.GET, DESTINATIONS)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.items[0].name")
        .isEqualTo("Tenant SOC webhook");
  }

  @Test
  void describesTheTopicsThatKafkaHasInAsyncApi() throws Exception {
    Set<String> there = new TreeSet<>();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()))) {
      for (String topic : admin.listTopics().names().get()) {
        int partitions =
            admin
                .describeTopics(Set.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
        there.add(topic + " " + partitions);
      }
    }
    JsonNode document =
        JsonMapper.shared().valueToTree(new Yaml().<Object>load(body("/asyncapi.yaml")));

    assertThat(document.get("asyncapi").stringValue()).startsWith("3.0");
    assertThat(document.get("channels").values())
        .extracting(
            channel ->
                channel.get("address").stringValue()
                    + " "
                    + channel.at("/bindings/kafka/partitions").intValue())
        .isSubsetOf(there);
  }

  @Test
  void leadsPeopleToTheLoginAndStartsWithoutTheIssuer() {
    http.get()
        .uri("/portal/configuration/integrations")
        .exchange()
        .expectStatus()
        .is3xxRedirection()
        .expectHeader()
        .location("/portal/login")
        .expectHeader()
        .valueMatches("Content-Security-Policy", "default-src 'none';.*frame-ancestors 'none'");
    http.get().uri("/portal/login").exchange().expectStatus().isEqualTo(503);
  }

  @Test
  void acceptsNoCookieOnTheApi() {
    as("acme/operator", HttpMethod.GET, DESTINATIONS)
        .exchange()
        .expectCookie()
        .doesNotExist("postrider-session");
    http.get()
        .uri(DESTINATIONS)
        .cookie("postrider-session", "any")
        .exchange()
        .expectStatus()
        .isUnauthorized();
  }

  private String body(String uri) {
    return http.get()
        .uri(uri)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody(String.class)
        .returnResult()
        .getResponseBody();
  }
}
