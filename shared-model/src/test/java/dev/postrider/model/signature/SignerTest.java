// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.standardwebhooks.Webhook;
import dev.postrider.model.secret.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignerTest {

  private static final SignatureSchemes SCHEMES = SignatureSchemes.branded("OneProtect");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String BODY = "{\"name\": \"Zürich\"}";
  private static final URI URL = URI.create("https://example.com/hook");

  @Test
  void isVerifiedByThePublicLibrary() throws Exception {
    var secret = SigningSecret.generate(scheme("standard_webhooks"), RANDOM);
    var headers = sign("standard_webhooks", List.of(secret), Instant.now());

    new Webhook(secret.text().revealText()).verify(BODY, multi(headers));
  }

  @Test
  void verifiesWhatThePublicLibrarySigned() throws Exception {
    var scheme = scheme("standard_webhooks");
    var secret = SigningSecret.generate(scheme, RANDOM);
    long now = 1700000000;
    var headers =
        Map.of(
            "webhook-id",
            "msg_1",
            "webhook-timestamp",
            Long.toString(now),
            "webhook-signature",
            new Webhook(secret.text().revealText()).sign("msg_1", now, BODY));
    var verifier =
        new Verifier(
            scheme,
            List.of(secret),
            Duration.ofMinutes(5),
            InstantSource.fixed(Instant.ofEpochSecond(now)));

    assertThat(verifier.verify(name -> multi(headers).get(name), BODY.getBytes(UTF_8), URL, "POST"))
        .isEqualTo(Verdict.VALID);
  }

  @Test
  void signsWithEveryLiveSecretDuringAnOverlap() throws Exception {
    var scheme = scheme("standard_webhooks");
    var older = SigningSecret.generate(scheme, RANDOM);
    var newer = SigningSecret.generate(scheme, RANDOM);
    var headers = sign("standard_webhooks", List.of(newer, older), Instant.now());

    new Webhook(older.text().revealText()).verify(BODY, multi(headers));
    new Webhook(newer.text().revealText()).verify(BODY, multi(headers));
    assertThat(headers.get("webhook-signature")).matches("v1,\\S+ v1,\\S+");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "timestamped_hex; X-OneProtect-Signature; v1=[0-9a-f]{64},v1=[0-9a-f]{64}",
        "stripe; Stripe-Signature; t=1700000000,v1=[0-9a-f]{64},v1=[0-9a-f]{64}",
        "pagerduty; X-PagerDuty-Signature; v1=[0-9a-f]{64},v1=[0-9a-f]{64}",
        "github; X-Hub-Signature-256; sha256=[0-9a-f]{64}",
        "slack; X-Slack-Signature; v0=[0-9a-f]{64}",
      })
  void putsAsManySignaturesAsTheSchemeHasRoomFor(String name, String header, String form) {
    var secrets =
        List.of(
            SigningSecret.generate(scheme(name), RANDOM),
            SigningSecret.generate(scheme(name), RANDOM));

    assertThat(sign(name, secrets, Instant.ofEpochSecond(1700000000)).get(header)).matches(form);
  }

  @Test
  void setsNoHeaderForSchemeNone() {
    assertThat(sign("none", List.of(), Instant.EPOCH)).isEmpty();
    assertThat(scheme("none").ownHeaders()).isEmpty();
  }

  @Test
  void keepsTheOrderOfTheScheme() {
    var secret = SigningSecret.generate(scheme("standard_webhooks"), RANDOM);

    assertThat(sign("standard_webhooks", List.of(secret), Instant.EPOCH).keySet())
        .containsExactly("webhook-id", "webhook-timestamp", "webhook-signature");
    assertThat(scheme("timestamped_hex").ownHeaders())
        .containsExactlyInAnyOrder("x-oneprotect-timestamp", "x-oneprotect-signature");
  }

  @Test
  void signsUrlAndMethodWhereASchemeSaysSo() {
    var scheme =
        new SignatureScheme(
            "custom",
            Algorithm.HMAC_SHA512,
            KeyForm.UTF8,
            TextForm.BASE64,
            "{method} {url}\n{body}",
            List.of("X-Custom: {signature}"));
    var secret = List.of(SigningSecret.existing(scheme, Secret.of("key")));
    var headers = new LinkedHashMap<String, String>();
    new Signer(scheme, secret).sign(input(Instant.EPOCH), headers::put);
    var verifier = new Verifier(scheme, secret, Duration.ZERO, InstantSource.system());

    assertThat(verifier.verify(multi(headers)::get, BODY.getBytes(UTF_8), URL, "POST"))
        .isEqualTo(Verdict.VALID);
    assertThat(verifier.verify(multi(headers)::get, BODY.getBytes(UTF_8), URL, "PUT"))
        .isEqualTo(Verdict.MISMATCH);
  }

  @Test
  void signsOnManyThreadsAtOnce() {
    var scheme = scheme("standard_webhooks");
    var signer = new Signer(scheme, List.of(SigningSecret.generate(scheme, RANDOM)));

    assertThat(
            IntStream.range(0, 2_000)
                .parallel()
                .mapToObj(
                    _ -> {
                      var headers = new ArrayList<String>();
                      signer.sign(input(Instant.EPOCH), (_, value) -> headers.add(value));
                      return headers.getLast();
                    })
                .distinct())
        .hasSize(1);
  }

  @Test
  void refusesToSignWithoutASecret() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Signer(scheme("standard_webhooks"), List.of()))
        .withMessage("the scheme standard_webhooks needs a secret: had 0");
  }

  @Test
  void refusesIdsWithADot() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SigningInput("a.b", Instant.EPOCH, new byte[0], URL, "POST"))
        .withMessage("the id to sign must not contain a dot: was a.b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{nonce}", "{body", "{}"})
  void refusesContentItDoesNotKnow(String content) {
    assertThatIllegalArgumentException().isThrownBy(() -> custom(content, "X-A: {signature}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-A", "X A: {signature}", "X-A: {nonce}", "X-A: v1={signature}[v1]"})
  void refusesHeadersItCannotWrite(String header) {
    assertThatIllegalArgumentException().isThrownBy(() -> custom("{body}", header));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "One Protect", "X:\r\nEvil", "-a"})
  void refusesBrandsThatAreNoHeaderName(String brand) {
    assertThatIllegalArgumentException().isThrownBy(() -> SignatureSchemes.branded(brand));
  }

  @Test
  void offersEverySchemeOnce() {
    assertThat(SCHEMES.all()).extracting(SignatureScheme::name).doesNotHaveDuplicates();
    assertThat(SCHEMES.named("md5")).isEmpty();
    assertThatCode(() -> SignatureSchemes.branded("Acme-2")).doesNotThrowAnyException();
  }

  private static SignatureScheme custom(String content, String header) {
    return new SignatureScheme(
        "custom", Algorithm.HMAC_SHA256, KeyForm.UTF8, TextForm.HEX, content, List.of(header));
  }

  private static SignatureScheme scheme(String name) {
    return SCHEMES.named(name).orElseThrow();
  }

  private static SigningInput input(Instant timestamp) {
    return new SigningInput("dlv_1", timestamp, BODY.getBytes(UTF_8), URL, "POST");
  }

  private static Map<String, String> sign(
      String scheme, List<SigningSecret> secrets, Instant timestamp) {
    var headers = new LinkedHashMap<String, String>();
    new Signer(scheme(scheme), secrets).sign(input(timestamp), headers::put);
    return headers;
  }

  private static Map<String, List<String>> multi(Map<String, String> headers) {
    var multi = new LinkedHashMap<String, List<String>>();
    headers.forEach((name, value) -> multi.put(name, List.of(value)));
    return multi;
  }
}
