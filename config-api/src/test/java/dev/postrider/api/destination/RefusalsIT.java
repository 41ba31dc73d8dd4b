// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.json.JsonMapper;

class RefusalsIT extends ApiIT {

  private static final String ADMIN = "refused/tenant_admin";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/",
        "http://10.0.0.5/",
        "http://127.0.0.1:9000/hook",
        "http://10.0.0.5/hook",
        "https://localhost/",
        "https://2130706433/",
        "https://[::ffff:10.0.0.5]/"
      })
  void p7RefusesPrivateTargetsToTheLetterAndStoresNothing(String url) {
    post(ADMIN, DESTINATIONS, "{\"name\": \"p7\", \"endpoint_url\": \"" + url + "\"}")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .expectBody()
        .jsonPath("$.detail")
        .isEqualTo("endpoint_url must not target a private or reserved address")
        .jsonPath("$.errors[0].field")
        .isEqualTo("endpoint_url");
    assertThat(stored()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"endpoint_url\": \"https://example.com/\"} | name         | name is required",
        "{\"name\": \"o10\"}                          | endpoint_url | endpoint_url is required"
      })
  void o9AndO10RequireANameAndAUrl(String document, String field, String message) {
    post(ADMIN, DESTINATIONS, document)
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo(field)
        .jsonPath("$.errors[0].message")
        .isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"key\": \"X Env\", \"value\": \"a\"} | Spaces are not allowed in headers",
        "{\"key\": \"X-Env\", \"value\": \" a\"} | must not begin or end with a space",
        "{\"key\": \"Host\", \"value\": \"a\"}   | the header Host is set by Postrider"
      })
  void z17RefusesHeadersThatCannotBe(String header, String rule) {
    String document =
        "{\"name\": \"z17\", \"endpoint_url\": \"https://example.com/\", \"headers\": [%s]}";
    post(ADMIN, DESTINATIONS, document.formatted(header))
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody(String.class)
        .value(body -> assertThat(body).contains(rule));
  }

  @Test
  void b26LeavesTheOriginToUsWhereTheReceiverPermitsIt() {
    String document =
        """
        {"name": "b26", "endpoint_url": "https://example.com/", "handshake": "cloudevents",
         "headers": [{"key": "Origin", "value": "other.example"}]}
        """;
    post(ADMIN, DESTINATIONS, document)
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("headers[0].key");
  }

  @Test
  void refusesPlainHttp() {
    post(ADMIN, DESTINATIONS, "{\"name\": \"p\", \"endpoint_url\": \"http://203.0.114.1/\"}")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.detail")
        .isEqualTo("endpoint_url must use https");
  }

  @Test
  void namesAllThatIsWrongAtOnce() {
    String body =
        """
        {"nmae": "typo", "endpoint_url": "http://10.0.0.5/", "enabled": "yes",
         "event_types": ["a.*.b", "ok"], "filters": [{"sql": "x"}],
         "http_method": "BREW", "headers": [{"key": "Host", "value": "x"}, {"key": "A B"}],
         "payload_format": "raw", "template": "x", "timeout_seconds": 31,
         "auth": {"type": "basic"}, "signing": {"scheme": "md5", "x": 1},
         "retry": {"strategy": "fixed", "max_attempts": 0}, "limits": {"max_in_flight": 0},
         "ordering": "strict"}
        """;
    post(ADMIN, DESTINATIONS, body)
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.detail")
        .isEqualTo("endpoint_url must not target a private or reserved address")
        .jsonPath("$.errors[*].field")
        .value(
            List.class,
            fields ->
                assertThat((List<?>) fields)
                    .extracting(Object::toString)
                    .contains(
                        "nmae",
                        "name",
                        "endpoint_url",
                        "enabled",
                        "event_types[0]",
                        "filters[0]",
                        "http_method",
                        "headers[0].key",
                        "headers[1].key",
                        "template",
                        "timeout_seconds",
                        "auth.username",
                        "auth.password",
                        "signing.scheme",
                        "signing.x",
                        "retry.interval_seconds",
                        "retry.max_attempts",
                        "limits.max_in_flight",
                        "ordering"));
    assertThat(stored()).isEmpty();
  }

  @Test
  void namesTheOrderingsThereAre() {
    String body =
        """
        {"name": "o", "endpoint_url": "https://example.com/", "ordering": "strict"}
        """;
    post(ADMIN, DESTINATIONS, body)
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("ordering")
        .jsonPath("$.errors[0].message")
        .isEqualTo("ordering must be one of [none, fifo]: was \"strict\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":   | 400",
        "[]           | 400",
        "''           | 400",
        "{} {}        | 400",
        "{\"name\": \"a\", \"name\": \"b\"} | 400"
      })
  void refusesMalformedJson(String body, int status) {
    post(ADMIN, DESTINATIONS, body)
        .exchange()
        .expectStatus()
        .isEqualTo(status)
        .expectBody()
        .jsonPath("$.errors[0].message")
        .exists();
  }

  /** Some of them as deep as a schema: issue 6, "hostile use". */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\": \"a\\u0000\"}                                     | name",
        "{\"name\": \"a\\ud800\"}                                     | name",
        "{\"name\": \"a\", \"example\": {\"b\": [1, \"\\u0000\"]}}    | example.b[1]",
        "{\"name\": \"a\", \"schema\": {\"title\": \"\\udc00\\ud800\"}} | schema.title",
        "{\"name\": \"a\", \"example\": {\"\\u0000\": 1}}             | example",
        "{\"name\": \"a\", \"example\": -1e999}                      | example"
      })
  void refusesWhatCannotBeKept(String body, String field) {
    for (String path : List.of(DESTINATIONS, "/api/v1/event-types", "/api/v1/api-keys")) {
      refusedFor(post(ADMIN, path, body), field);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\": NaN}    | Non-standard token '…' (line 1, column 10)",
        "{\"a\": 1} x    | Unrecognized token 'x': was expecting (JSON String"
      })
  void saysWhereItCannotReadABody(String body, String message) {
    post(ADMIN, DESTINATIONS, body)
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.detail")
        .value((String detail) -> assertThat(detail).contains(message).doesNotContain("`"));
  }

  @Test
  void refusesOtherContentTypes() {
    as(ADMIN, HttpMethod.POST, DESTINATIONS)
        .contentType(MediaType.TEXT_PLAIN)
        .bodyValue("name=x")
        .exchange()
        .expectStatus()
        .isEqualTo(415);
  }

  @Test
  void refusesAnotherSchemesKeyWithoutRepeatingIt() {
    post(
            ADMIN,
            DESTINATIONS,
            """
            {"name": "k", "endpoint_url": "http://127.0.0.1:8085/", "signing": {"secret": "canary-weak"}}
            """)
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody(String.class)
        .value(body -> assertThat(body).contains("signing.secret").doesNotContain("canary-weak"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"signing\": \"whsec_canary\"",
        "\"signing\": {\"secret\": {\"x\": \"canary\"}}",
        "\"auth\": {\"type\": \"bearer\", \"token\": \"canary with spaces\"}"
      })
  void refusesSecretsInOddPlacesWithoutRepeatingThem(String members) {
    refused(members).value(body -> assertThat(body).doesNotContain("canary"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"event_types\": [1]                                   | event_types[0]",
        "\"headers\": [{\"value\": \"x\"}]                      | headers[0].key",
        "\"headers\": [{\"key\": \"X-A\", \"value\": \"a\\r\\nb\"}] | headers[0].value",
        "\"signing\": {\"scheme\": \"none\", \"secret\": \"x\"} | signing.secret"
      })
  void namesTheFieldThatIsWrong(String members, String field) {
    refused(members).value(body -> assertThat(body).contains("\"field\":\"" + field + "\""));
  }

  private WebTestClient.BodySpec<String, ?> refused(String members) {
    String url = "\"endpoint_url\": \"http://127.0.0.1:8085/\"";
    return post(ADMIN, DESTINATIONS, "{\"name\": \"n\", " + url + ", " + members + "}")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody(String.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {";a=b", "%2f", "/%00"})
  void answersAProblemEvenForPathsThatAreTricks(String trick) {
    http.get()
        .uri(URI.create("http://127.0.0.1:" + port + DESTINATIONS + trick))
        .headers(bearer(ADMIN))
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .expectBody()
        .jsonPath("$.errors[0].message")
        .exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "since=%2B999999999-01-01T00:00:00Z",
        "until=2026-11-22",
        "http_status=99",
        "state=arrived",
        "destination_id=x",
        "event_id=x",
        "event_type=*"
      })
  void refusesFiltersThatNoDeliveryCouldMatch(String query) {
    String uri = "http://127.0.0.1:" + port + DELIVERIES + "?" + query;
    http.get()
        .uri(URI.create(uri))
        .headers(bearer(ADMIN))
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo(query.substring(0, query.indexOf('=')));
  }

  @Test
  void refusesCursorsAndLimitsThatAreNone() {
    as(ADMIN, HttpMethod.GET, DESTINATIONS + "?limit=251").exchange().expectStatus().isBadRequest();
    as(ADMIN, HttpMethod.GET, DESTINATIONS + "?cursor=x").exchange().expectStatus().isBadRequest();
  }

  private List<?> stored() {
    String body =
        as(ADMIN, HttpMethod.GET, DESTINATIONS)
            .exchange()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();
    return (List<?>) new JsonMapper().readValue(body, Map.class).get("items");
  }
}
