// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.reactive.server.SecurityMockServerConfigurers.csrf;
import static org.springframework.security.test.web.reactive.server.SecurityMockServerConfigurers.mockOidcLogin;
import static org.springframework.security.test.web.reactive.server.SecurityMockServerConfigurers.springSecurity;

import java.net.URI;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

class AuthorizeFlowIT extends OAuthIT {

  @Autowired private ApplicationContext context;

  @Test
  void o22AsksWithStateAndPkceAndNothingThatIsNotSet() {
    Map<String, String> asked = begin(create(withCode("")));
    assertThat(asked)
        .containsOnlyKeys(
            "prompt",
            "response_type",
            "client_id",
            "redirect_uri",
            "state",
            "code_challenge",
            "code_challenge_method")
        .containsEntry("response_type", "code")
        .containsEntry("redirect_uri", "https://hooks.example.com/portal/oauth")
        .containsEntry("code_challenge_method", "S256");
    assertThat(Base64.getUrlDecoder().decode(asked.get("state"))).hasSize(16);
    assertThat(asked.get("code_challenge")).hasSize(43);
  }

  @Test
  void o20AsksForWhatIsSet() {
    Map<String, String> asked =
        begin(
            create(
                withCode(
                    """
                    , "audience": "api", "scope": "read write",
                    "extra_authorize_params": {"login_hint": "a&b"}
                    """)));
    assertThat(asked)
        .containsEntry("audience", "api")
        .containsEntry("scope", "read write")
        .containsEntry("login_hint", "a&b");
  }

  @Test
  void o22IsAConflictWhereThereIsNobodyToAsk() {
    for (String json : new String[] {destination("plain"), withCredentials("")}) {
      as(ADMIN, HttpMethod.POST, DESTINATIONS + "/" + create(json) + "/oauth/authorize")
          .exchange()
          .expectStatus()
          .isEqualTo(HttpStatus.CONFLICT);
    }
    String foreign = create(withCode(""));
    as("others/tenant_admin", HttpMethod.POST, DESTINATIONS + "/" + foreign + "/oauth/authorize")
        .exchange()
        .expectStatus()
        .isNotFound();
    as("granted/operator", HttpMethod.POST, DESTINATIONS + "/" + foreign + "/oauth/authorize")
        .exchange()
        .expectStatus()
        .isForbidden();
  }

  @Test
  void o24TakesPeopleBackAndTellsTheWindowThatSentThem() {
    String id = create(withCode(""));
    Map<String, String> asked = begin(id);
    assertThat(status(id)).isEqualTo("pending");
    comeBack("?state=" + asked.get("state") + "&code=" + issuer.agree(asked))
        .expectStatus()
        .isOk()
        .expectHeader()
        .valueEquals("Referrer-Policy", "no-referrer")
        .expectHeader()
        .valueEquals("Cross-Origin-Opener-Policy", "unsafe-none")
        .expectHeader()
        .value("Cache-Control", value -> assertThat(value).contains("no-store"))
        .expectHeader()
        .value("Content-Security-Policy", value -> assertThat(value).contains("script-src 'self'"))
        .expectBody(String.class)
        .value(
            html ->
                assertThat(html)
                    .contains("data-status=\"authorized\"", "data-destination=\"" + id)
                    .contains("src=\"/portal/oauth.js\"")
                    .doesNotContain("<script>"));
    assertThat(auth(id)).containsEntry("status", "authorized").containsEntry("status_reason", null);
    awaitToken(id, issuer.last());
    http.get().uri("/portal/oauth.js").exchange().expectStatus().isOk();
  }

  @Test
  void provesToTheTokenEndpointWhoWeAre() {
    authorized();
    TestIssuer.Asked asked = issuer.asked.getFirst();
    String basic = Base64.getEncoder().encodeToString("us:s3cret%26more".getBytes());
    assertThat(asked.headers())
        .containsEntry("Authorization", "Basic " + basic)
        .containsEntry("Accept", "application/json");
    assertThat(asked.parameters())
        .containsOnlyKeys("grant_type", "code", "redirect_uri", "code_verifier");
  }

  @Test
  void o24AndO25SayThatNobodyAgreed() {
    String id = create(withCode(""));
    comeBack(
            "?state="
                + begin(id).get("state")
                + "&error=access_denied&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
        .expectStatus()
        .isOk()
        .expectBody(String.class)
        .value(
            html ->
                assertThat(html)
                    .contains("data-status=\"denied\"", "&lt;script&gt;alert(1)")
                    .doesNotContain("<script>alert"));
    assertThat(status(id)).isEqualTo("denied");
  }

  @Test
  void keepsWhatThereWasWhenNobodyAgreesAgain() {
    String id = authorized();
    comeBack("?state=" + begin(id).get("state") + "&error=access_denied").expectStatus().isOk();
    assertThat(status(id)).isEqualTo("authorized");
    awaitToken(id, issuer.last());
  }

  @Test
  void o25SaysWhatTheTokenEndpointHasAgainstTheCode() {
    String id = create(withCode(""));
    comeBack("?state=" + begin(id).get("state") + "&code=another").expectStatus().isOk();
    assertThat(auth(id)).containsEntry("status", "error");
    assertThat(auth(id).get("status_reason").toString()).contains("invalid_grant");
  }

  @Test
  void refusesAStateThatIsUnknownOrUsed() {
    refused("?code=c");
    refused("?state=&code=c");
    refused("?state=AAAAAAAAAAAAAAAAAAAAAA&code=c");
    Map<String, String> asked = begin(create(withCode("")));
    String query = "?state=" + asked.get("state") + "&code=" + issuer.agree(asked);
    comeBack(query).expectStatus().isOk();
    refused(query);
    assertThat(issuer.count("authorization_code")).isOne();
  }

  @Test
  void refusesAStateThatIsTooOld() throws SQLException {
    Map<String, String> asked = begin(create(withCode("")));
    sql("update oauth_states set expires_at = now() - interval '1 second'");
    refused("?state=" + asked.get("state") + "&code=" + issuer.agree(asked));
    assertThat(issuer.count("authorization_code")).isZero();
  }

  @Test
  void refusesWhatWasBegunInAnotherSession() throws SQLException {
    Map<String, String> asked = begin(create(withCode("")));
    sql("update oauth_states set session_hash = sha256('another')");
    refused("?state=" + asked.get("state") + "&code=" + issuer.agree(asked));
    assertThat(issuer.count("authorization_code")).isZero();
  }

  @Test
  void o28BindsWhatThePortalBeganToItsSession() {
    String id = create(withCode(""));
    WebTestClient portal =
        WebTestClient.bindToApplicationContext(context)
            .apply(springSecurity())
            .build()
            .mutateWith(csrf())
            .mutateWith(
                mockOidcLogin()
                    .idToken(
                        token ->
                            token
                                .subject("admin")
                                .claim("tenant", "granted")
                                .claim("roles", List.of("tenant_admin"))));
    for (boolean sameSession : new boolean[] {false, true}) {
      var begun =
          portal
              .post()
              .uri("/portal/configuration/integrations/" + id + "/authorize")
              .exchange()
              .expectStatus()
              .isOk()
              .expectBody(Map.class)
              .returnResult();
      String session = begun.getResponseCookies().getFirst("postrider-session").getValue();
      Map<String, String> asked =
          TestIssuer.parameters(
              URI.create(begun.getResponseBody().get("authorization_url").toString())
                  .getRawQuery());
      http.get()
          .uri("/portal/oauth?state=" + asked.get("state") + "&code=" + issuer.agree(asked))
          .cookie("postrider-session", sameSession ? session : "another")
          .exchange()
          .expectStatus()
          .isEqualTo(sameSession ? HttpStatus.OK : HttpStatus.BAD_REQUEST);
    }
    assertThat(issuer.count("authorization_code")).isOne();
    assertThat(status(id)).isEqualTo("authorized");
  }

  @Test
  void refusesAnAnswerWithoutACode() {
    String id = create(withCode(""));
    refused("?state=" + begin(id).get("state"));
    assertThat(status(id)).isEqualTo("error");
  }

  @Test
  void refusesAnAnswerOfAnotherIssuer() {
    String id = create(withCode(""));
    Map<String, String> asked = begin(id);
    refused(
        "?state="
            + asked.get("state")
            + "&code="
            + issuer.agree(asked)
            + "&iss=https%3A%2F%2Fevil.example");
    assertThat(issuer.count("authorization_code")).isZero();
    Map<String, String> again = begin(id);
    comeBack(
            "?state="
                + again.get("state")
                + "&code="
                + issuer.agree(again)
                + "&iss=http%3A%2F%2F127.0.0.1%3A"
                + TestIssuer.PORT)
        .expectStatus()
        .isOk();
    assertThat(status(id)).isEqualTo("authorized");
  }

  @Test
  void refusesWhatIsSaidTwice() {
    Map<String, String> asked = begin(create(withCode("")));
    String state = asked.get("state");
    refused("?state=" + state + "&state=" + state + "&code=" + issuer.agree(asked));
  }

  @Test
  void refusesWhatWasAgreedToBeforeTheSettingsChanged() {
    String id = create(withCode(""));
    Map<String, String> asked = begin(id);
    as(ADMIN, HttpMethod.PATCH, DESTINATIONS + "/" + id)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue("{\"auth\": {\"scope\": \"more\"}}")
        .exchange()
        .expectStatus()
        .isOk();
    refused("?state=" + asked.get("state") + "&code=" + issuer.agree(asked));
    assertThat(issuer.count("authorization_code")).isZero();
  }

  private void refused(String query) {
    comeBack(query)
        .expectStatus()
        .isBadRequest()
        .expectBody(String.class)
        .value(
            html -> assertThat(html).contains("data-status=\"refused\"").doesNotContain("<script"));
  }
}
