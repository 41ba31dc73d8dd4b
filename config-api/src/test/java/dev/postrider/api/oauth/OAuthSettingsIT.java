// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

class OAuthSettingsIT extends OAuthIT {

  @Test
  void o20ShowsWhatIsOpenAndWhereTheIssuerSendsPeople() {
    Map<String, Object> auth = auth(create(withCode(", \"audience\": \"api\"")));
    assertThat(auth)
        .containsEntry("grant_type", "authorization_code")
        .containsEntry("client_id", "us")
        .containsEntry("audience", "api")
        .containsEntry("scope", null)
        .containsEntry("client_auth", "client_secret_basic")
        .containsEntry("request_format", "form")
        .containsEntry("status", "not_authorized")
        .containsEntry("status_reason", null)
        .containsEntry("callback_url", "https://hooks.example.com/portal/oauth");
  }

  /** With a DNS name; with an address and on a real stack it is the journey EveryStepByRestIT. */
  @Test
  void o4AndO2AnswerTheCallbackUrlWhichNobodyCanSet() {
    String id = create(withCode(""));

    patched(id, "{\"auth\": {\"callback_url\": \"https://elsewhere.example/\"}}")
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("auth.callback_url");

    assertThat(auth(id))
        .containsEntry("callback_url", "https://hooks.example.com/portal/oauth")
        .containsEntry("status", "not_authorized");
  }

  @Test
  void o21NeverShowsTheClientSecret() {
    Map<String, Object> auth = auth(create(withCode("")));
    assertThat(auth).containsEntry("client_secret_set", true).doesNotContainKey("client_secret");
    assertThat(auth.toString()).doesNotContain("s3cret&more");
  }

  @Test
  void o21KeepsSecretsAndTokensOutOfTheAuditTrailAndTheTopics() throws SQLException {
    String id = authorized();
    String audit =
        text(
            "select string_agg(audit_entries::text, ' ') from audit_entries where tenant = 'granted'");
    String row = text("select string_agg(oauth_grants::text, ' ') from oauth_grants");
    assertThat(audit).contains("destination.authorized", "destination.authorization_begun");
    assertThat(audit + row + snapshot(id)).doesNotContain("s3cret", issuer.last(), "refresh-2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "grant_type": "authorization_code"                   | auth.client_id
          "grant_type": "authorization_code"                   | auth.client_secret
          "grant_type": "authorization_code"                   | auth.token_url
          "grant_type": "authorization_code"                   | auth.authorize_url
          "grant_type": "implicit"                             | auth.grant_type
          "grant_type": "client_credentials", "authorize_url": "https://example.com/a" | auth.authorize_url
          "client_auth": "private_key_jwt", "client_secret": "s" | auth.client_secret
          "token_url": "https://10.0.0.1/token"                | auth.token_url
          "authorize_url": "https://localhost/authorize"       | auth.authorize_url
          "token_url": "http://example.com/token"              | auth.token_url
          "scope": "a\\nb"                                      | auth.scope
          "request_format": "xml"                              | auth.request_format
          "extra_authorize_params": {"state": "mine"}          | auth.extra_authorize_params
          "nonsense": 1                                        | auth.nonsense
          """)
  void o20RefusesWhatIsMissingOrOdd(String members, String field) {
    post(ADMIN, DESTINATIONS, withAuth(members))
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[?(@.field == '%s')]".formatted(field))
        .isNotEmpty();
  }

  @Test
  void judgesUrlsAsTheEndpointIsJudged() {
    post(
            ADMIN,
            DESTINATIONS,
            withAuth(
                """
                "client_id": "us", "client_secret": "s3cret", "token_url": "https://127.1/token",
                "authorize_url": "https://example.com/authorize"
                """))
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.detail")
        .isEqualTo("auth.token_url must not target a private or reserved address");
  }

  @Test
  void putsBackWhatWasReadAndKeepsTheGrant() {
    String id = authorized();
    String uri = DESTINATIONS + "/" + id;
    String read =
        as(ADMIN, HttpMethod.GET, uri)
            .exchange()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();
    as(ADMIN, HttpMethod.PUT, uri)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(read)
        .exchange()
        .expectStatus()
        .isOk();
    assertThat(status(id)).isEqualTo("authorized");
    awaitToken(id, issuer.last());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "scope": "write"                                   | not_authorized
          "audience": "other"                                | not_authorized
          "authorize_url": "https://example.com/authorize"   | not_authorized
          "token_url": "https://example.com/token"           | not_authorized
          "client_id": "others", "client_secret": "theirs"   | not_authorized
          "client_secret": "another"                         | authorized
          "extra_authorize_params": {"prompt": "login"}      | authorized
          """)
  void makesAGrantVoidWhenWhatWasAgreedToChanges(String members, String status) {
    String id = authorized();
    patched(id, "{\"auth\": {%s}}".formatted(members)).expectStatus().isOk();
    assertThat(status(id)).isEqualTo(status);
    boolean kept = status.equals("authorized");
    await().atMost(LONG_ENOUGH).until(() -> tokenOnTopic(id).isPresent() == kept);
  }

  @Test
  void forgetsTheGrantWithTheAuthentication() {
    String id = authorized();
    patched(id, "{\"auth\": {\"type\": \"none\"}}").expectStatus().isOk();
    assertThat(auth(id)).containsOnlyKeys("type");
    patched(id, "{\"auth\": {\"client_id\": \"us\"}}").expectStatus().isBadRequest();
  }

  private ResponseSpec patched(String id, String patch) {
    return as(ADMIN, HttpMethod.PATCH, DESTINATIONS + "/" + id)
        .contentType(MediaType.valueOf("application/merge-patch+json"))
        .bodyValue(patch)
        .exchange();
  }
}
