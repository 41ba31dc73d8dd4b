// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.api.ApiIT;
import dev.postrider.api.problem.MergePatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** Tenants and what each may use: issue 6, points 2 and 6. */
class TenantsIT extends ApiIT {

  private static final String TENANTS = "/api/v1/tenants";
  private static final String PLATFORM = "-/platform_admin";

  @Test
  void keepsATenantWithItsLimits() {
    made("kept", "{\"destinations\": 3}")
        .expectHeader()
        .valueEquals("Location", TENANTS + "/kept")
        .expectBody()
        .jsonPath("$.limits.destinations")
        .isEqualTo(3)
        .jsonPath("$.limits.payload_bytes")
        .isEqualTo(null)
        .jsonPath("$.effective_limits.payload_bytes")
        .isEqualTo(262144);
    made("kept", "{}").expectStatus().isEqualTo(409);
  }

  @Test
  void knowsATenantThatCameWithItsFirstDestination() {
    created("walked-in/tenant_admin", destination("first"));
    as(PLATFORM, HttpMethod.GET, TENANTS + "/walked-in")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.effective_limits.destinations")
        .isEqualTo(10000);
    as(PLATFORM, HttpMethod.GET, TENANTS + "/nobody").exchange().expectStatus().isNotFound();
  }

  @Test
  void changesOnlyWhatAPatchNamesAndOnlyWhenTheTagIsStillTheOne() {
    made("patched", "{\"destinations\": 3, \"payload_bytes\": 10}").expectHeader().exists("ETag");
    patch("patched", "{\"limits\": {\"destinations\": null}}", "\"1\"")
        .expectStatus()
        .isOk()
        .expectHeader()
        .valueEquals("ETag", "\"2\"")
        .expectBody()
        .jsonPath("$.limits.destinations")
        .isEqualTo(null)
        .jsonPath("$.limits.payload_bytes")
        .isEqualTo(10);
    patch("patched", "{}", "\"1\"").expectStatus().isEqualTo(412);
  }

  @Test
  void putsBackWhatItHasShown() {
    made("round", "{\"destinations\": 7}");
    String shown =
        as(PLATFORM, HttpMethod.GET, TENANTS + "/round")
            .exchange()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();
    as(PLATFORM, HttpMethod.PUT, TENANTS + "/round")
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(shown)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.limits.destinations")
        .isEqualTo(7);
  }

  @Test
  void namesAllThatIsWrong() {
    refusedFor(
        post(
            PLATFORM,
            TENANTS,
            "{\"id\": \"Not One\", \"limits\": {\"destinations\": -1, \"payload_bytes\": 300000,"
                + " \"more\": 1}, \"status\": \"x\"}"),
        "id",
        "limits.destinations",
        "limits.payload_bytes",
        "limits.more",
        "status");
  }

  @Test
  void listsThemNewestFirstPageByPage() {
    made("page-one", "{}");
    made("page-two", "{}");
    Map<?, ?> first = page("?limit=1");
    Map<?, ?> second = page("?limit=1&cursor=" + first.get("next_cursor"));
    assertThat(ids(first)).containsExactly("page-two");
    assertThat(ids(second)).containsExactly("page-one");
  }

  @Test
  void isNotForTenants() {
    for (String role : List.of("tenant_admin", "operator", "auditor", "publisher")) {
      as("acme/" + role, HttpMethod.GET, TENANTS).exchange().expectStatus().isForbidden();
    }
  }

  @Test
  void refusesOneDestinationMoreThanTheTenantMayHave() {
    made("small", "{\"destinations\": 2}");
    created("small/tenant_admin", destination("first"));
    created("small/tenant_admin", destination("second"));
    post("small/tenant_admin", DESTINATIONS, destination("third"))
        .exchange()
        .expectStatus()
        .isEqualTo(409)
        .expectBody()
        .jsonPath("$.detail")
        .isEqualTo("the tenant may have 2 destinations (limits.destinations), and has them");
  }

  @Test
  void refusesAPayloadThatIsLargerThanTheTenantMayPublish() {
    made("narrow", "{\"payload_bytes\": 10}");
    publish("narrow", "\"12345678\"").expectStatus().isAccepted();
    publish("narrow", "\"123456789\"").expectStatus().isEqualTo(413);
  }

  @Test
  void refusesMoreEventsASecondThanTheTenantMayPublish() {
    made("slow", "{\"events_per_second\": 1}");
    String batch = "[" + "{},".repeat(499) + "{}]";
    String events = batch.replace("{}", EVENT);
    batch("slow", events).expectStatus().isAccepted();
    batch("slow", events)
        .expectStatus()
        .isEqualTo(429)
        .expectHeader()
        .exists("Retry-After")
        .expectBody()
        .jsonPath("$.detail")
        .isEqualTo("the limit is 1 events of slow a second");
    publish("acme", "1").expectStatus().isAccepted();
  }

  @Test
  void countsWhatTheRoleDoesNotAllow() {
    made("curious", "{\"requests_per_second\": 1}");
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                as("curious/publisher", HttpMethod.GET, DESTINATIONS)
                    .exchange()
                    .expectStatus()
                    .isEqualTo(429)
                    .expectHeader()
                    .valueEquals("RateLimit-Limit", "1"));
  }

  @Test
  void refusesMoreRequestsASecondThanOneCallerMayMakeAndSaysSoInTime() {
    made("patient", "{\"requests_per_second\": 2}");
    get("patient").expectHeader().valueEquals("RateLimit-Limit", "2");
    ResponseSpec refused = null;
    for (int round = 0; round < 20 && refused == null; round++) {
      ResponseSpec answer = get("patient");
      refused = answer.returnResult(Void.class).getStatus().value() == 429 ? answer : null;
    }
    assertThat(refused).isNotNull();
    refused
        .expectHeader()
        .valueEquals("Retry-After", "1")
        .expectHeader()
        .valueEquals("RateLimit-Remaining", "0")
        .expectHeader()
        .exists("RateLimit-Reset");
    get("acme").expectStatus().isOk();
  }

  @Test
  void b17ShowsNoPayloadWhenTheTenantsTimeForItIsOver() {
    String event = publishedId("secretive");
    as("secretive/tenant_admin", HttpMethod.GET, EVENTS + "/" + event)
        .exchange()
        .expectBody()
        .jsonPath("$.data")
        .isEqualTo("hush");
    post(PLATFORM, TENANTS, "{\"id\": \"secretive\", \"payloads_readable_seconds\": 0}")
        .exchange()
        .expectStatus()
        .isCreated();
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                as("secretive/tenant_admin", HttpMethod.GET, EVENTS + "/" + event)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .jsonPath("$.data")
                    .doesNotExist());
  }

  private static final String EVENT =
      """
      {"specversion": "1.0", "id": "1", "source": "/s", "type": "a.b"}
      """;

  private String publishedId(String tenant) {
    Map<?, ?> answer =
        publish(tenant, "\"hush\"").expectBody(Map.class).returnResult().getResponseBody();
    return ((Map<?, ?>) ((List<?>) answer.get("items")).getFirst()).get("id").toString();
  }

  private ResponseSpec publish(String tenant, String data) {
    return post(tenant + "/tenant_admin", EVENTS, "{\"type\":\"a.b\",\"data\":" + data + "}")
        .exchange();
  }

  private ResponseSpec batch(String tenant, String events) {
    return as(tenant + "/publisher", HttpMethod.POST, EVENTS)
        .contentType(MediaType.parseMediaType("application/cloudevents-batch+json"))
        .bodyValue(events)
        .exchange();
  }

  private ResponseSpec get(String tenant) {
    return as(tenant + "/tenant_admin", HttpMethod.GET, DESTINATIONS).exchange();
  }

  private ResponseSpec made(String id, String limits) {
    return post(PLATFORM, TENANTS, "{\"id\": \"%s\", \"limits\": %s}".formatted(id, limits))
        .exchange();
  }

  private ResponseSpec patch(String id, String patch, String ifMatch) {
    return as(PLATFORM, HttpMethod.PATCH, TENANTS + "/" + id)
        .header("If-Match", ifMatch)
        .contentType(MediaType.parseMediaType(MergePatch.TYPE))
        .bodyValue(patch)
        .exchange();
  }

  private Map<?, ?> page(String query) {
    return as(PLATFORM, HttpMethod.GET, TENANTS + query)
        .exchange()
        .expectBody(Map.class)
        .returnResult()
        .getResponseBody();
  }

  private static List<Object> ids(Map<?, ?> page) {
    return ((List<?>) page.get("items"))
        .stream().<Object>map(item -> ((Map<?, ?>) item).get("id")).toList();
  }
}
