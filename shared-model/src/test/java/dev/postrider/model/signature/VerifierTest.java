// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.secret.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {

  private static final Instant NOW = Instant.ofEpochSecond(1700000000);
  private static final SignatureSchemes SCHEMES = SignatureSchemes.branded("Postrider");
  private static final SignatureScheme STANDARD = SCHEMES.named("standard_webhooks").orElseThrow();
  private static final SignatureScheme STRIPE = SCHEMES.named("stripe").orElseThrow();
  private static final URI URL = URI.create("https://example.com/hook");
  private static final byte[] BODY = "{}".getBytes(UTF_8);
  private static final String MINE = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OTHER = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  private final Map<String, List<String>> headers = new HashMap<>();

  @BeforeEach
  void signNow() {
    sign(STANDARD, NOW, MINE);
  }

  @Test
  void acceptsAFreshSignatureAmongOthers() {
    headers.computeIfPresent(
        "webhook-signature", (_, value) -> List.of("v1,AAAA v2,x v1,!! " + value.getFirst()));

    assertThat(verify(STANDARD)).isEqualTo(Verdict.VALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
  void missesHeaders(String name) {
    headers.remove(name);

    assertThat(verify(STANDARD)).isEqualTo(Verdict.MISSING_HEADER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
  void refusesHeadersSentTwice(String name) {
    headers.computeIfPresent(name, (_, value) -> List.of(value.getFirst(), value.getFirst()));

    assertThat(verify(STANDARD)).isEqualTo(Verdict.BAD_FORMAT);
  }

  @ParameterizedTest
  @CsvSource({"-301,STALE", "-300,VALID", "300,VALID", "301,STALE"})
  void judgesFreshnessInBothDirections(long offset, Verdict verdict) {
    sign(STANDARD, NOW.plusSeconds(offset), MINE);

    assertThat(verify(STANDARD)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "webhook-id,        a.b,            BAD_FORMAT",
    "webhook-id,        dlv_2,          MISMATCH",
    "webhook-timestamp, 1700000001,     MISMATCH",
    "webhook-timestamp, -1,             BAD_FORMAT",
    "webhook-timestamp, 1.7e9,          BAD_FORMAT",
    "webhook-timestamp, 99999999999999, BAD_FORMAT",
    "webhook-signature, 'v1,AAAA',      MISMATCH",
    "webhook-signature, 'v1,%%%%',      BAD_FORMAT",
    "webhook-signature, rubbish,        BAD_FORMAT",
    "webhook-signature, 'v1a,AAAA',     UNKNOWN_ALGORITHM",
  })
  void saysWhyNot(String name, String value, Verdict verdict) {
    headers.put(name, List.of(value));

    assertThat(verify(STANDARD)).isEqualTo(verdict);
  }

  @Test
  void refusesAnotherSecretAndAnotherBody() {
    assertThat(verifier(STANDARD, OTHER).verify(headers::get, BODY, URL, "POST"))
        .isEqualTo(Verdict.MISMATCH);
    assertThat(verifier(STANDARD, MINE).verify(headers::get, new byte[1], URL, "POST"))
        .isEqualTo(Verdict.MISMATCH);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v1=00                         | BAD_FORMAT",
        "t=1700000000                  | BAD_FORMAT",
        "t=1700000000,v0=00            | UNKNOWN_ALGORITHM",
        "t=1700000000,t=1700000000     | BAD_FORMAT",
        "t=x,v1=00                     | BAD_FORMAT",
        "t=1700000000,v1=00,v1=zz      | MISMATCH",
        "t=1600000000,v1=00            | STALE",
      })
  void readsATimestampInsideTheSignatureHeader(String value, Verdict verdict) {
    headers.put("Stripe-Signature", List.of(value));

    assertThat(verify(STRIPE)).isEqualTo(verdict);
  }

  @Test
  void refusesAMangledEd25519Signature() {
    var scheme = SCHEMES.named("standard_webhooks_ed25519").orElseThrow();
    var secret = SigningSecret.generate(scheme, new SecureRandom());
    var verifier = verifier(scheme, secret.text().revealText());
    sign(scheme, NOW, secret.text().revealText());

    assertThat(verifier.verify(headers::get, BODY, URL, "POST")).isEqualTo(Verdict.VALID);
    assertThat(verifier.verify(headers::get, new byte[3], URL, "POST")).isEqualTo(Verdict.MISMATCH);
    headers.put("webhook-signature", List.of("v1a,AAAA"));
    assertThat(verifier.verify(headers::get, BODY, URL, "POST")).isEqualTo(Verdict.MISMATCH);
  }

  private Verdict verify(SignatureScheme scheme) {
    return verifier(scheme, MINE)
        .verify(name -> headers.getOrDefault(name, List.of()), BODY, URL, "POST");
  }

  private static Verifier verifier(SignatureScheme scheme, String secret) {
    return new Verifier(
        scheme,
        List.of(SigningSecret.existing(scheme, Secret.of(secret))),
        Duration.ofMinutes(5),
        InstantSource.fixed(NOW));
  }

  private void sign(SignatureScheme scheme, Instant timestamp, String secret) {
    new Signer(scheme, List.of(SigningSecret.existing(scheme, Secret.of(secret))))
        .sign(
            new SigningInput("dlv_1", timestamp, BODY, URL, "POST"),
            (name, value) -> headers.put(name, List.of(value)));
  }
}
