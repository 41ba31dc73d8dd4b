// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.test.ScriptedServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What Outpost24's admins do in their portal, step by step, by nothing but REST. */
@ExtendWith(Fleet.Shared.class)
class EveryStepByRestIT {

  private static final String DESTINATIONS = "/integrations/destinations";
  private static final String CREATED = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok";

  /**
   * O2: no part of the stack has a name or is anywhere else; the service with a name is ApiIT's.
   */
  @Test
  void o1AndO2TakeEveryStepByRestAndUnderABareAddress(Fleet fleet) throws Exception {
    fleet.stack().restore();
    Api api = fleet.api();
    assertThat(fleet.stack().environment())
        .allSatisfy(
            (name, value) ->
                assertThat(value.split(","))
                    .allMatch(one -> name.endsWith("_PIDS") || one.contains("127.0.0.1:"), name));
    try (ScriptedServer jira = ScriptedServer.answering(CREATED)) {
      ObjectNode settings = settings(api.get("/integrations/types"), jira, fleet);

      Api.Answer added = api.call("tenant_admin", "POST", DESTINATIONS, settings.toString());
      assertThat(added.status()).as(added.raw().body()).isEqualTo(201);
      String one = DESTINATIONS + "/" + added.body().get("id").asString();
      assertThat(added.raw().headers().firstValue("location")).contains("/api/v1" + one);
      assertThat(api.get(one).at("/auth/callback_url").asString())
          .isEqualTo(fleet.stack().environment().get("POSTRIDER_API") + "/portal/oauth");
      assertThat(api.call("tenant_admin", "POST", one + "/verify", "").status()).isEqualTo(409);

      JsonNode begun = api.call("tenant_admin", "POST", one + "/oauth/authorize", "").body();
      assertThat(Person.agrees(begun.get("authorization_url").asString()))
          .contains("data-status=\"authorized\"");
      assertThat(api.get(one).at("/auth/status").asString()).isEqualTo("authorized");

      JsonNode verified = api.call("tenant_admin", "POST", one + "/verify", "").body();
      assertThat(verified.get("http_status").asInt()).as("%s", verified).isEqualTo(201);
      ScriptedServer.Exchange sample = jira.exchanges.getLast();
      assertThat(sample.body()).isEqualTo(settings.get("content_sample").stringValue());
      assertThat(sample.header("authorization")).startsWith("Bearer ey");

      Api.Answer saved =
          api.call("tenant_admin", "PATCH", one, "{\"name\": \"Jira\", \"enabled\": true}");
      assertThat(saved.status()).as(saved.raw().body()).isEqualTo(200);
      assertThat(api.get(DESTINATIONS).at("/items/0/name").asString()).isEqualTo("Jira");
      api.publish(
          "application/json", "{\"type\":\"incident.triggered\",\"data\":{\"title\":\"T\"}}");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> jira.exchanges.getLast().body().contains("\"summary\": \"T\""));
      api.deleteDestination(added.body());
    }
  }

  /** Of the type for Jira, as it is offered, with what only its admin can know. */
  private static ObjectNode settings(JsonNode types, ScriptedServer jira, Fleet fleet) {
    JsonNode type =
        types
            .get("items")
            .valueStream()
            .filter(one -> one.get("type").asString().equals("jira_issue"))
            .findFirst()
            .orElseThrow();
    ObjectNode settings = (ObjectNode) type.get("defaults").deepCopy();
    settings
        .put("name", "Jira, not yet complete")
        .put("endpoint_url", jira.url() + "rest/api/2/issue")
        .put("enabled", false);
    String issuer = fleet.stack().environment().get("POSTRIDER_ISSUER");
    ((ObjectNode) settings.get("auth"))
        .put("client_id", "deliveries")
        .put("client_secret", "deliveries-secret")
        .put("token_url", issuer + "/oauth2/token")
        .put("authorize_url", issuer + "/oauth2/authorize")
        .put("scope", "profile")
        .put("client_auth", "client_secret_basic")
        .put("request_format", "form");
    return settings;
  }
}
