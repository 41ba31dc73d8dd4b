// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** The matrix role × call × own or other tenant. */
class RolesIT extends ApiIT {

  private static final List<String> ROLES =
      List.of("tenant_admin", "operator", "auditor", "publisher", "platform_admin");
  private static final String SOME_DELIVERY = "dlv_019aa000-0000-7000-8000-000000000001";
  private static final String SOME_EVENT = "evt_019aa000-0000-7000-8000-000000000001";

  @Autowired
  @Qualifier("requestMappingHandlerMapping") private RequestMappingHandlerMapping handlers;

  private static String idOfAcme;

  /**
   * @param own the status in the destination's own tenant
   * @param other the status in another tenant
   */
  private record Call(String method, String path, String body, int own, int other, String roles) {}

  private static final String REPLAYS = "/api/v1/integrations/replays";
  private static final String SOME_REPLAY = "rpl_019aa000-0000-7000-8000-000000000001";
  private static final String REPLAY = "{\"since\":\"2026-01-01T00:00:00Z\"}";
  private static final String READERS = "tenant_admin operator auditor";
  private static final String OPERATORS = "tenant_admin operator";

  private static final List<Call> CALLS =
      List.of(
          new Call("POST", DESTINATIONS, destination("matrix"), 201, 201, "tenant_admin"),
          new Call("GET", DESTINATIONS, "", 200, 200, READERS),
          new Call("GET", DESTINATIONS + "/{id}", "", 200, 404, READERS),
          new Call("PUT", DESTINATIONS + "/{id}", destination("put"), 200, 404, "tenant_admin"),
          new Call("PATCH", DESTINATIONS + "/{id}", "{}", 200, 404, "tenant_admin"),
          new Call("POST", DESTINATIONS + "/{id}/disable", "", 200, 404, "tenant_admin"),
          new Call("POST", DESTINATIONS + "/{id}/enable", "", 200, 404, "tenant_admin"),
          new Call("POST", EVENTS, "{\"type\":\"a.b\"}", 202, 202, "tenant_admin publisher"),
          new Call("GET", EVENTS + "/" + SOME_EVENT, "", 404, 404, READERS),
          new Call("GET", DELIVERIES, "", 200, 200, READERS),
          new Call("GET", DELIVERIES + "/" + SOME_DELIVERY, "", 404, 404, READERS),
          new Call("POST", DELIVERIES + "/" + SOME_DELIVERY + "/retry", "", 404, 404, OPERATORS),
          new Call("POST", DELIVERIES + "/" + SOME_DELIVERY + "/cancel", "", 404, 404, OPERATORS),
          new Call("GET", DESTINATIONS + "/{id}/events", "", 200, 404, OPERATORS),
          new Call("POST", DESTINATIONS + "/{id}/replay", REPLAY, 202, 404, OPERATORS),
          new Call("GET", DESTINATIONS + "/{id}/stats", "", 200, 404, READERS),
          new Call("GET", REPLAYS, "", 200, 200, READERS),
          new Call("GET", REPLAYS + "/" + SOME_REPLAY, "", 404, 404, READERS),
          new Call("POST", REPLAYS + "/" + SOME_REPLAY + "/cancel", "", 404, 404, OPERATORS),
          new Call("GET", "/api/v1/integrations/health", "", 200, 200, READERS),
          new Call("GET", "/api/v1/integrations/types", "", 200, 200, READERS),
          new Call("POST", DESTINATIONS + "/preview", "{}", 200, 200, OPERATORS),
          new Call("DELETE", DESTINATIONS + "/{id}", "", 204, 404, "tenant_admin"));

  static Stream<Arguments> matrix() {
    return CALLS.stream()
        .flatMap(
            call ->
                ROLES.stream()
                    .sorted((left, right) -> left.equals("tenant_admin") ? 1 : -1)
                    .flatMap(
                        role ->
                            Stream.of(
                                Arguments.of(call, "globex", role),
                                Arguments.of(call, "acme", role))));
  }

  @ParameterizedTest(name = "{2} of {1}: {0}")
  @MethodSource("matrix")
  void answers(Call call, String tenant, String role) {
    if (idOfAcme == null) {
      idOfAcme = created("acme/tenant_admin", destination("acme's")).get("id").toString();
    }
    boolean allowed = List.of(call.roles().split(" ")).contains(role);
    int expected = !allowed ? 403 : tenant.equals("acme") ? call.own() : call.other();
    as(
            tenant + "/" + role,
            HttpMethod.valueOf(call.method()),
            call.path().replace("{id}", idOfAcme))
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(call.body())
        .exchange()
        .expectStatus()
        .isEqualTo(expected);
  }

  @Test
  void asksForAToken() {
    http.get()
        .uri(DESTINATIONS)
        .exchange()
        .expectStatus()
        .isUnauthorized()
        .expectHeader()
        .valueEquals("WWW-Authenticate", "Bearer")
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON);
  }

  @Test
  void refusesAForgedToken() {
    String forged = tokens.of("acme/tenant_admin").replaceAll("\\.[^.]{8}", ".AAAAAAAA");
    http.get()
        .uri(DESTINATIONS)
        .headers(headers -> headers.setBearerAuth(forged))
        .exchange()
        .expectStatus()
        .isUnauthorized()
        .expectBody()
        .jsonPath("$.detail")
        .isEqualTo("the bearer token is not valid, or no longer");
  }

  @Test
  void answersPlatformPeopleWithoutATenantLikeStrangers() {
    as("-/platform_admin", HttpMethod.GET, DESTINATIONS).exchange().expectStatus().isForbidden();
    as("-/tenant_admin", HttpMethod.GET, DESTINATIONS).exchange().expectStatus().isForbidden();
  }

  @Test
  void knowsNoPathsOfLaterDays() {
    as("acme/tenant_admin", HttpMethod.GET, "/api/v1/integrations/sources")
        .exchange()
        .expectStatus()
        .isNotFound()
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    as("acme/tenant_admin", HttpMethod.DELETE, EVENTS).exchange().expectStatus().isEqualTo(405);
  }

  @Test
  void everyHandlerOfTheApiNamesItsRoles() {
    assertThat(handlers.getHandlerMethods())
        .allSatisfy(
            (mapping, method) -> {
              if (mapping.toString().contains("/api/v1")) {
                assertThat(method.getMethodAnnotation(Allow.class))
                    .as(mapping.toString())
                    .isNotNull();
              }
            });
  }
}
