// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.contract.ApiDocument.Call;
import dev.postrider.api.contract.DescribedApiIT;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/** The matrix role × call × own or other tenant, made from the OpenAPI document. */
class RolesIT extends DescribedApiIT {

  private static final String OWN = "acme";
  private static final String OTHER = "globex";

  private static List<String> roles() {
    return Stream.of(Role.values()).map(role -> role.name().toLowerCase(Locale.ROOT)).toList();
  }

  /** What the matrix is checked against: CONTRACT.md, the table of roles. */
  @Test
  void p1LetsEachRoleDoNoMoreThanIsItsOwn() {
    assertThat(allowed("publisher")).containsExactly("publishEvents");
    assertThat(changing("auditor")).containsExactly("matchEvent");
    assertThat(changing("operator"))
        .containsExactlyInAnyOrder(
            "retryDelivery",
            "cancelDelivery",
            "replayDestination",
            "cancelReplay",
            "verifyDestination",
            "testDestination",
            "matchEvent",
            "previewDestination",
            "checkData");
    assertThat(document.calls())
        .filteredOn(call -> call.roles().contains("platform_admin"))
        .allMatch(call -> call.path().startsWith("/api/v1/tenants"));
    assertThat(document.calls())
        .filteredOn(call -> !call.path().startsWith("/api/v1/tenants"))
        .allMatch(call -> call.roles().contains("tenant_admin"));
  }

  private List<String> allowed(String role) {
    return document.calls().stream()
        .filter(call -> call.roles().contains(role))
        .map(Call::id)
        .toList();
  }

  private List<String> changing(String role) {
    return document.calls().stream()
        .filter(call -> call.roles().contains(role) && !call.method().equals("GET"))
        .map(Call::id)
        .toList();
  }

  @Test
  void p1KeepsEveryCallToTheRolesThatTheDocumentNames() {
    List<String> wrong = new ArrayList<>();
    for (Call call : document.calls()) {
      Request ofOwn = known(call, OWN);
      for (String role : roles()) {
        if (!call.roles().contains(role)) {
          note(ofOwn.as(OWN + "/" + role), 403, wrong);
          note(ofOwn.as(OTHER + "/" + role), 403, wrong);
        }
      }
      note(ofOwn.as(null), 401, wrong);
      note(ofOwn.as("-/tenant_admin"), 403, wrong);
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void p15AnswersForeignIdsLikeUnknownOnes() {
    List<String> wrong = new ArrayList<>();
    for (Call call : document.calls()) {
      if (call.path().contains("{") && !call.roles().contains("platform_admin")) {
        Request ofOwn = known(call, OWN);
        call.roles().forEach(role -> note(ofOwn.as(OTHER + "/" + role), 404, wrong));
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void p1ServesEveryCallToItsRolesInTheirOwnTenant() {
    List<String> wrong = new ArrayList<>();
    for (Call call : document.calls()) {
      for (String role : call.roles()) {
        Request request = valid(call, OWN).as(OWN + "/" + role);
        Answer answer = send(request);
        if (answer.status() / 100 != 2 && answer.status() != 409) {
          wrong.add(role + " " + request + " was answered " + answer);
        }
        objections(request, answer).forEach(what -> wrong.add(request + ": " + what));
      }
    }
    assertThat(wrong).isEmpty();
  }

  private void note(Request request, int expected, List<String> wrong) {
    Answer answer = send(request);
    if (answer.status() != expected) {
      wrong.add("%s, not %d: %s, to %s".formatted(answer.status(), expected, answer, request));
    }
    objections(request, answer).forEach(what -> wrong.add(request + ": " + what));
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
  void knowsNoPathsOfLaterDays() {
    as("acme/tenant_admin", HttpMethod.GET, "/api/v1/integrations/sources")
        .exchange()
        .expectStatus()
        .isNotFound()
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    as("acme/tenant_admin", HttpMethod.DELETE, EVENTS).exchange().expectStatus().isEqualTo(405);
    as("acme/auditor", HttpMethod.OPTIONS, EVENTS)
        .exchange()
        .expectStatus()
        .isOk()
        .expectHeader()
        .valueEquals("Allow", "POST,OPTIONS");
  }
}
