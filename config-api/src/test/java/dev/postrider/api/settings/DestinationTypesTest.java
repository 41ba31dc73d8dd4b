// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.event.Payload;
import dev.postrider.model.signature.SignatureSchemes;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The types as they are offered, and what their templates make of an incident. */
class DestinationTypesTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String INCIDENT =
      """
      {"title": "Disk <full> & \\"hot\\"", "incident_number": 42, "status": 1, "summary": "Zürich",
       "service": {"name": "db", "created_by": "u1"}, "assigned_to": {"username": "kit"},
       "merged_with": null, "creation_date": "2026-01-01T00:00:00Z", "severity": "warning",
       "amount": 4.50}
      """;

  @Test
  void o8OffersEachTypeWithTheFieldsThatMatterForIt() {
    assertThat(DestinationTypes.all())
        .extracting(type -> type.get("type").stringValue())
        .contains(
            "generic", "jira_issue", "zenduty_incident", "slack", "microsoft_teams", "pagerduty");
    for (ObjectNode type : DestinationTypes.all()) {
      JsonNode schema = type.get("schema");
      assertThat(schema.get("$schema").stringValue()).endsWith("/2020-12/schema");
      assertThat(schema.get("properties").propertyNames())
          .containsAll(texts(schema.get("required")));
      assertThat(type.get("description").stringValue()).isNotBlank();
    }
    assertThat(type("generic").at("/schema/properties").propertyNames()).contains("payload_format");
    assertThat(type("slack").at("/schema/properties").propertyNames()).doesNotContain("auth");
  }

  @Test
  void z4OffersOutgoingWebhooksThatBeginAsADraft() {
    ObjectNode type = type("outgoing_webhooks");

    assertThat(type.get("name").stringValue()).isEqualTo("Outgoing Webhooks");
    assertThat(type.at("/defaults/enabled").booleanValue()).isFalse();
    assertThat(type.at("/schema/properties").propertyNames()).contains("endpoint_url"); // Z5
  }

  @Test
  void z1WantsTheThreeIncidentEventsAndZ2WaitsThreeSeconds() {
    JsonNode defaults = type("zenduty_incident").get("defaults");

    assertThat(texts(defaults.get("event_types")))
        .containsExactly("incident.triggered", "incident.acknowledged", "incident.resolved");
    assertThat(defaults.get("timeout_seconds").intValue()).isEqualTo(3);
    assertThat(defaults.at("/signing/scheme").stringValue()).isEqualTo("zenduty");
  }

  static Stream<String> templated() {
    return DestinationTypes.all().stream()
        .filter(type -> type.get("defaults").has("template"))
        .map(type -> type.get("type").stringValue());
  }

  @ParameterizedTest
  @MethodSource("templated")
  void b9MakesJsonOfWhateverComes(String type) {
    for (String data : List.of(INCIDENT, "{}", "null", "\"text\"", "[1]", "7", "plain text", "")) {
      assertThat(rendered(type, "incident.resolved", data)).isInstanceOf(ObjectNode.class);
    }
  }

  @Test
  void z12EmitsExactlyTheKeysOfAnIncident() {
    JsonNode full = rendered("zenduty_incident", "incident.triggered", INCIDENT);
    JsonNode inside =
        rendered("zenduty_incident", "incident.triggered", "{\"incident\": " + INCIDENT + "}");

    assertThat(keys(full)).containsExactlyElementsOf(expectedKeys());
    assertThat(inside).isEqualTo(full);
    assertThat(full.at("/payload/event_type").stringValue()).isEqualTo("triggered");
    assertThat(full.at("/payload/incident/title").stringValue()).isEqualTo("Disk <full> & \"hot\"");
    assertThat(full.at("/payload/incident/merged_with").isNull()).isTrue();
    assertThat(full.at("/payload/incident/service/team").isNull()).isTrue();
    assertThat(full.at("/payload/incident/incident_number").intValue()).isEqualTo(42);
  }

  @Test
  void z12KeepsItsKeysWhereThereIsNothing() {
    assertThat(keys(rendered("zenduty_incident", "incident.acknowledged", "{}")))
        .containsExactlyElementsOf(expectedKeys());
  }

  private static List<String> expectedKeys() {
    return List.of(
        ("payload payload.event_type payload.incident i.summary i.incident_number i.creation_date"
                + " i.status i.unique_id i.title i.incident_key i.service s.name s.creation_date"
                + " s.summary s.description s.unique_id s.auto_resolve_timeout s.created_by"
                + " s.acknowledgement_timeout s.status s.escalation_policy s.team i.priority"
                + " i.urgency i.merged_with i.assigned_to a.username a.first_name a.last_name"
                + " a.email i.resolved_date i.acknowledged_date i.context_window_start"
                + " i.context_window_end")
            .replace("i.", "payload.incident.")
            .replace(" s.", " payload.incident.service.")
            .replace(" a.", " payload.incident.assigned_to.")
            .split(" "));
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    collect(node, "", keys);
    return keys;
  }

  private static void collect(JsonNode node, String path, List<String> keys) {
    node.forEachEntry(
        (name, value) -> {
          keys.add(path + name);
          collect(value, path + name + ".", keys);
        });
  }

  @Test
  void o17CreatesAnIssueOfTheProject() {
    JsonNode body = rendered("jira_issue", "incident.triggered", INCIDENT);

    assertThat(body.at("/fields/project/key").stringValue()).isEqualTo("TEST");
    assertThat(body.at("/fields/issuetype/name").stringValue()).isEqualTo("Task");
    assertThat(body.at("/fields/summary").stringValue()).isEqualTo("Disk <full> & \"hot\"");
    assertThat(body.at("/fields/description").stringValue())
        .contains("\"incident_number\":42", "4.50");
  }

  @Test
  void b9SaysToPagerDutyWhatIsToBeDone() {
    JsonNode raised = rendered("pagerduty", "incident.triggered", INCIDENT);
    JsonNode resolved = rendered("pagerduty", "incident.resolved", INCIDENT);

    assertThat(raised.get("event_action").stringValue()).isEqualTo("trigger");
    assertThat(raised.at("/payload/severity").stringValue()).isEqualTo("warning");
    assertThat(resolved.get("event_action").stringValue()).isEqualTo("resolve");
    assertThat(resolved.get("dedup_key")).isEqualTo(raised.get("dedup_key"));
  }

  @Test
  void b9EscapesForSlack() {
    assertThat(rendered("slack", "incident.triggered", INCIDENT).get("text").stringValue())
        .isEqualTo("*incident.triggered* Disk &lt;full&gt; &amp; \"hot\"");
  }

  private static JsonNode rendered(String type, String eventType, String data) {
    JsonNode defaults = type(type).get("defaults");
    HttpRequestSettings settings =
        new HttpRequestSettings(
            URI.create("https://example.com/"),
            "POST",
            List.of(),
            PayloadFormat.TEMPLATE,
            defaults.get("template").stringValue(),
            Duration.ofSeconds(3));
    SampleEvent event =
        SampleEvent.of("acme", Map.of("type", eventType), null, Payload.of(data.getBytes(UTF_8)));
    String scheme = defaults.at("/signing/scheme").stringValue();
    return JSON.readTree(
        event
            .in(settings, SignatureSchemes.branded("Postrider").named(scheme).orElseThrow())
            .body());
  }

  private static ObjectNode type(String name) {
    return DestinationTypes.all().stream()
        .filter(type -> type.get("type").stringValue().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> texts(JsonNode list) {
    return list.values().stream().map(JsonNode::stringValue).toList();
  }
}
