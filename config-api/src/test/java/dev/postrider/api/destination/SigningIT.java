// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TopicContent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;

/** How requests are signed: the choice of scheme, and keys that come and go. */
class SigningIT extends ApiIT {

  private static final String ADMIN = "acme/tenant_admin";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "standard_webhooks",
        "standard_webhooks_ed25519",
        "timestamped_hex",
        "stripe",
        "github",
        "slack",
        "shopify",
        "zenduty",
        "pagerduty",
        "zoom",
        "rfc9421_hmac",
        "rfc9421_ed25519"
      })
  void z8OffersEverySchemeAndMakesAKeyForIt(String scheme) {
    as(ADMIN, HttpMethod.GET, "/api/v1/signing/schemes")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.items[?(@.name == '%s')].headers[0]".formatted(scheme))
        .exists();
    Map<?, ?> signing = signing(create("{\"scheme\": \"" + scheme + "\"}"));

    assertThat(signing.get("secret").toString()).matches("whs(ec|k)_.{40,}");
    assertThat(signing.get("public_key") != null).isEqualTo(scheme.endsWith("ed25519"));
  }

  @Test
  void z9ShowsTheKeyOnceWhenItIsMadeAndOnceWhenItIsRotated() {
    Map<String, Object> created = create("{\"scheme\": \"zenduty\"}");
    Object first = signing(created).get("secret");
    Map<?, ?> rotated = signing(command(created, "/secret/rotate", "{}"));

    assertThat(rotated.get("secret")).isNotNull().isNotEqualTo(first);
    as(ADMIN, HttpMethod.GET, DESTINATIONS + "/" + created.get("id"))
        .exchange()
        .expectBody()
        .jsonPath("$.signing.secret")
        .doesNotExist()
        .jsonPath("$.signing.secret_last4")
        .isEqualTo(rotated.get("secret_last4"));
  }

  @Test
  void b14LetsTheOldKeySignBesideTheNewOneForAWhile() {
    Map<String, Object> created = create("{\"scheme\": \"standard_webhooks\"}");
    Signing.Key before = keys(created).getFirst();
    Map<?, ?> rotated = signing(command(created, "/secret/rotate", "{\"overlap_seconds\": 3600}"));

    List<Signing.Key> keys = keys(created);
    assertThat(keys).hasSize(2);
    assertThat(keys.getFirst().expiresAt()).isNull();
    assertThat(keys.getLast().sealed()).isEqualTo(before.sealed());
    assertThat(Duration.between(Instant.now(), keys.getLast().expiresAt()))
        .isBetween(Duration.ofSeconds(3500), Duration.ofSeconds(3600));
    assertThat(Instant.parse(rotated.get("previous_expire_at").toString()))
        .isEqualTo(keys.getLast().expiresAt());

    Map<?, ?> expired = signing(command(created, "/secret/expire-previous", ""));
    assertThat(keys(created)).containsExactly(keys.getFirst());
    assertThat(expired.get("previous_expire_at")).isNull();
    assertThat(expired.get("secret")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "604800, 2"})
  void b14KeepsTheOldKeyForAsLongAsAsked(int seconds, int keys) {
    Map<String, Object> created = create("{\"scheme\": \"timestamped_hex\"}");
    command(created, "/secret/rotate", "{\"overlap_seconds\": " + seconds + "}");

    assertThat(keys(created)).hasSize(keys);
  }

  @Test
  void b14RefusesAnOverlapOfMoreThanAWeek() {
    Map<String, Object> created = create("{\"scheme\": \"timestamped_hex\"}");

    post(
            ADMIN,
            DESTINATIONS + "/" + created.get("id") + "/secret/rotate",
            "{\"overlap_seconds\": 604801}")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("overlap_seconds");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          {"scheme": "standard_webhooks", "secret": "whsec_c2hvcnQ="} | signing.secret is refused: the signing secret must be whsec_ and the base64 of 24 to 64 bytes
          {"scheme": "github", "secret": "password"}                  | signing.secret is refused: the signing secret must have 24 to 256 bytes
          {"scheme": "none", "secret": "x"}                           | signing.secret must be absent: the scheme none has no key
          {"scheme": "github", "custom": {"header": "X"}}             | signing.custom must be absent: the scheme is github
          {"scheme": "custom"}                                        | signing.custom.header is required
          {"scheme": "custom", "custom": {"header": "Host"}}          | signing.custom.header is refused: the header Host is set by Postrider
          {"scheme": "custom", "custom": {"header": "X-S", "content": "{body}{body}"}}      | signing.custom.content must have {body} in it, once, and at most 256 characters
          {"scheme": "custom", "custom": {"header": "X-S", "content": "{timestamp}{body}"}} | signing.custom.timestamp_header is required: the timestamp is signed
          {"scheme": "custom", "custom": {"header": "X-S", "content": "{body}{what}"}}      | `signing.custom.content is refused: signed content knows {id} {timestamp} {body} {url} {method} {content_type} {content_digest} {key_id}: was {what}`
          """)
  void p9RefusesWeakKeysAndSchemesThatCannotBe(String signing, String message) {
    post(ADMIN, DESTINATIONS, with(signing))
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[*].message")
        .value(List.class, messages -> assertThat(messages.toString()).contains(message));
  }

  @Test
  void p9SignsAsADestinationDescribes() {
    Map<String, Object> created =
        create(
            """
            {"scheme": "custom", "custom": {"algorithm": "SHA512", "encoding": "base64",
             "header": "X-Mine", "prefix": "v1=", "content": "{timestamp}:{body}",
             "timestamp_header": "X-Mine-Time", "secret_encoding": "hex"}}
            """);
    assertThat(signing(created).get("secret").toString()).matches("[0-9a-f]{64}");
    assertThat(snapshot(created).signing().custom().headers())
        .containsExactly("X-Mine-Time: {timestamp}", "X-Mine: v1={signature}");
  }

  private Map<String, Object> create(String signing) {
    return created(ADMIN, with(signing));
  }

  private static String with(String signing) {
    return """
    {"name": "signed", "endpoint_url": "http://127.0.0.1:8085/hook", "signing": %s}
    """
        .formatted(signing);
  }

  private static Map<?, ?> signing(Map<?, ?> answer) {
    return (Map<?, ?>) answer.get("signing");
  }

  private Map<?, ?> command(Map<String, Object> created, String command, String body) {
    return post(ADMIN, DESTINATIONS + "/" + created.get("id") + command, body)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody(Map.class)
        .returnResult()
        .getResponseBody();
  }

  private static List<Signing.Key> keys(Map<String, Object> created) {
    return snapshot(created).signing().keys();
  }

  private static Destination snapshot(Map<String, Object> created) {
    return TopicContent.of(Topics.DESTINATIONS).reversed().stream()
        .filter(record -> new String(record.key()).equals(created.get("id")))
        .findFirst()
        .map(record -> ModelJson.readDestination(record.value()))
        .orElseThrow();
  }
}
