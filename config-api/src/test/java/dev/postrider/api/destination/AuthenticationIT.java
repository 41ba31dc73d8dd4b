// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestCertificates;
import dev.postrider.test.TopicContent;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.BodyContentSpec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a destination may prove itself with, and that no secret of it comes back. */
class AuthenticationIT extends ApiIT {

  private static final String ADMIN = "acme/tenant_admin";
  private static final JsonMapper JSON = JsonMapper.shared();

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          {"type": "basic"}                                         | auth.username | auth.username is required
          {"type": "basic", "username": "u"}                        | auth.password | auth.password is required
          {"type": "basic", "password": "p"}                        | auth.username | auth.username is required
          {"type": "basic", "username": "a:b", "password": "p"}     | auth.username | auth.username must have neither a colon nor control characters
          {"type": "basic", "username": "u", "password": 7}         | auth.password | auth.password must be a string of at least one character
          {"type": "bearer"}                                        | auth.token    | auth.token is required
          {"type": "bearer", "token": "a b"}                        | auth.token    | auth.token must be printable ASCII without spaces
          {"type": "api_key", "value": "v"}                         | auth.header   | auth.header is required
          {"type": "api_key", "header": "Host", "value": "v"}       | auth.header   | auth.header is refused: the header Host is set by Postrider
          {"type": "api_key", "header": "X-Key", "value": "a\\nb"}  | auth.value    | auth.value must be printable ASCII, not beginning or ending with a space
          {"type": "mtls", "client_key": "k"}                       | auth.client_certificate | auth.client_certificate is required
          {"type": "bearer", "token": "t", "username": "u"}         | auth.username | auth.username is not a known field
          {"type": "none", "client_key": "k"}                       | auth.client_key | auth.client_key must be absent without a client_certificate
          {"type": "kerberos"}                                      | auth.type     | `auth.type must be one of [none, basic, bearer, api_key, oauth2, mtls]: was "kerberos"`
          """)
  void o14SaysWhatIsMissingOrWrong(String auth, String field, String message) {
    post(ADMIN, DESTINATIONS, with(auth))
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[?(@.field == '%s')].message".formatted(field))
        .isEqualTo(message);
  }

  @Test
  void o14NeverAnswersThePassword() {
    Map<String, Object> created =
        created(
            ADMIN,
            with("{\"type\": \"basic\", \"username\": \"u\", \"password\": \"geheim-1234\"}"));

    assertThat(created.get("auth"))
        .isEqualTo(
            Map.of(
                "type", "basic", "username", "u", "password_set", true, "password_last4", "1234"));
    assertThat(snapshot(created).authentication()).isInstanceOf(Authentication.Basic.class);
    get(created).jsonPath("$.auth.password").doesNotExist();
  }

  @Test
  void z7KeepsASecretUntilAnotherIsGiven() {
    Map<String, Object> created =
        created(ADMIN, with("{\"type\": \"bearer\", \"token\": \"first-token\"}"));
    Authentication first = snapshot(created).authentication();

    patch(created, "{\"name\": \"renamed\"}").jsonPath("$.auth.token_last4").isEqualTo("oken");
    assertThat(snapshot(created).authentication()).isEqualTo(first);

    patch(created, "{\"auth\": {\"token\": \"second-tok2\"}}")
        .jsonPath("$.auth.token_last4")
        .isEqualTo("tok2");
    assertThat(snapshot(created).authentication()).isNotEqualTo(first);
  }

  @Test
  void z6BeginsAnewWithAnotherType() {
    Map<String, Object> created =
        created(ADMIN, with("{\"type\": \"bearer\", \"token\": \"first-token\"}"));

    as(ADMIN, HttpMethod.PATCH, uri(created))
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue("{\"auth\": {\"type\": \"api_key\", \"header\": \"X-Key\"}}")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.detail")
        .isEqualTo("auth.value is required");
    patch(created, "{\"auth\": {\"type\": \"none\"}, \"signing\": {\"scheme\": \"zenduty\"}}")
        .jsonPath("$.auth.token_set")
        .doesNotExist();
    assertThat(snapshot(created).authentication()).isEqualTo(new Authentication.None());
  }

  @Test
  void putsBackWhatWasRead() {
    Map<String, Object> created =
        created(ADMIN, with("{\"type\": \"api_key\", \"header\": \"X-Key\", \"value\": \"v v\"}"));
    Authentication before = snapshot(created).authentication();
    String read =
        as(ADMIN, HttpMethod.GET, uri(created))
            .exchange()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();

    as(ADMIN, HttpMethod.PUT, uri(created))
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(read)
        .exchange()
        .expectStatus()
        .isOk();
    assertThat(snapshot(created).authentication()).isEqualTo(before);
  }

  @Test
  void refusesAHeaderThatTheAuthenticationSets() {
    ObjectNode document = document("{\"type\": \"bearer\", \"token\": \"t\"}");
    document.putArray("headers").addObject().put("key", "authorization").put("value", "x");

    post(ADMIN, DESTINATIONS, document.toString())
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.detail")
        .isEqualTo("headers[0].key is refused: the header authorization is set by Postrider");
  }

  @Test
  void b11TakesAClientCertificateBesideAnotherType() throws Exception {
    TestCertificates certificates = new TestCertificates();
    ObjectNode document = document("{\"type\": \"bearer\", \"token\": \"some-token\"}");
    ObjectNode auth = (ObjectNode) document.get("auth");
    auth.put("client_certificate", certificates.pem("client", false));
    auth.put("client_key", certificates.keyPem("other"));
    post(ADMIN, DESTINATIONS, document.toString())
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.detail")
        .isEqualTo("auth.client_key must be the key of the client certificate");

    auth.put("client_key", certificates.keyPem("client"));
    Map<String, Object> created = created(ADMIN, document.toString());

    Map<?, ?> answered = (Map<?, ?>) created.get("auth");
    assertThat(answered.get("client_key_set")).isEqualTo(true);
    assertThat(answered.get("client_key_last4")).isNull();
    assertThat(snapshot(created).tls().clientKey()).isNotNull();
    assertThat(snapshot(created).authentication()).isInstanceOf(Authentication.Bearer.class);
  }

  @Test
  void o15TrustsACertificateAndShowsWhose() throws Exception {
    String pem = new TestCertificates().pem("jira.internal.example", true);
    Map<String, Object> created = created(ADMIN, destination("trusting"));

    as(ADMIN, HttpMethod.PUT, uri(created) + "/certificate")
        .contentType(MediaType.valueOf("application/x-pem-file"))
        .bodyValue(pem)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.certificate[0].subject")
        .isEqualTo("CN=jira.internal.example");
    assertThat(snapshot(created).tls().trustAnchors()).isEqualTo(pem.strip());

    as(ADMIN, HttpMethod.DELETE, uri(created) + "/certificate")
        .exchange()
        .expectStatus()
        .isNoContent();
    assertThat(snapshot(created).tls().trustAnchors()).isNull();
    get(created).jsonPath("$.certificate").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "no certificate, certificate must be 1 to 100 X.509 certificates in PEM",
    "{}, certificate is required"
  })
  void o15RefusesWhatIsNoCertificate(String body, String message) {
    Map<String, Object> created = created(ADMIN, destination("distrusting"));

    as(ADMIN, HttpMethod.PUT, uri(created) + "/certificate")
        .contentType(MediaType.valueOf("application/x-pem-file"))
        .bodyValue(body)
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].message")
        .isEqualTo(message);
  }

  private static ObjectNode document(String auth) {
    ObjectNode document = (ObjectNode) JSON.readTree(destination("authenticated"));
    document.set("auth", JSON.readTree(auth));
    return document;
  }

  private static String with(String auth) {
    return document(auth).toString();
  }

  private static String uri(Map<String, Object> created) {
    return DESTINATIONS + "/" + created.get("id");
  }

  private BodyContentSpec get(Map<String, Object> created) {
    return as(ADMIN, HttpMethod.GET, uri(created)).exchange().expectStatus().isOk().expectBody();
  }

  private BodyContentSpec patch(Map<String, Object> created, String patch) {
    return as(ADMIN, HttpMethod.PATCH, uri(created))
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(patch)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody();
  }

  private static Destination snapshot(Map<String, Object> created) {
    return TopicContent.of(Topics.DESTINATIONS).reversed().stream()
        .filter(record -> new String(record.key()).equals(created.get("id")))
        .findFirst()
        .map(record -> ModelJson.readDestination(record.value()))
        .orElseThrow();
  }
}
