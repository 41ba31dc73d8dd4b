// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
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
  void refusesPrivateTargetsToTheLetterAndStoresNothing(String url) {
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
         "event_types": ["a.*.b", "ok"], "filters": [{"exact": {"source": "x"}}],
         "http_method": "BREW", "headers": [{"key": "Host", "value": "x"}, {"key": "A B"}],
         "payload_format": "raw", "template": "x", "timeout_seconds": 31,
         "auth": {"type": "bearer", "token": "t"}, "signing": {"scheme": "md5", "x": 1},
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
                        "filters",
                        "http_method",
                        "headers[0].key",
                        "headers[1].key",
                        "payload_format",
                        "template",
                        "timeout_seconds",
                        "auth",
                        "signing.scheme",
                        "signing.x",
                        "retry.interval_seconds",
                        "retry.max_attempts",
                        "limits.max_in_flight",
                        "ordering"));
    assertThat(stored()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":   | 400",
        "[]           | 400",
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
