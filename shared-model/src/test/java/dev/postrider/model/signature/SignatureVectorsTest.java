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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers that vendors publish; a scheme that meets them is described rightly. */
class SignatureVectorsTest {

  private static final SignatureSchemes SCHEMES = SignatureSchemes.branded("Postrider");
  private static final URI URL = URI.create("https://example.com/hook");
  private static final String STANDARD_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String STANDARD_BODY = "{\"test\": 2432232314}";
  private static final String EVENT = "{\"id\":\"evt_test_webhook\",\"object\":\"event\"}";
  private static final String SLASH_COMMAND =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
          + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
          + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
          + "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
          + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
  private static final String SLACK_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
  private static final String SLACK_SIGNATURE =
      "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

  record Vector(
      String source,
      String scheme,
      String secret,
      String id,
      long timestamp,
      String body,
      String header,
      String value) {

    @Override
    public String toString() {
      return scheme + ", " + source;
    }
  }

  static final List<Vector> VECTORS =
      List.of(
          new Vector(
              "Svix documentation",
              "standard_webhooks",
              "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
              STANDARD_ID,
              1614265330,
              STANDARD_BODY,
              "webhook-signature",
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
          new Vector(
              "Svix libraries",
              "standard_webhooks_ed25519",
              "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
              STANDARD_ID,
              1614265330,
              STANDARD_BODY,
              "webhook-signature",
              "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="),
          new Vector(
              "our own",
              "timestamped_hex",
              "hush",
              "dlv_1",
              1700000000,
              EVENT,
              "X-Postrider-Signature",
              "v1=4642dcf200cd009e59a31fe919c091af7659f769638556cb98709e1543ab0a1b"),
          new Vector(
              "stripe-java test data",
              "stripe",
              "whsec_test_secret",
              "dlv_1",
              1700000000,
              EVENT,
              "Stripe-Signature",
              "t=1700000000,v1=d95c6b7477fbd7e9f90b1b0ef5f9c7ac25abca5382460e0d988c2b2a5b71b990"),
          new Vector(
              "GitHub documentation",
              "github",
              "It's a Secret to Everybody",
              "dlv_1",
              0,
              "Hello, World!",
              "X-Hub-Signature-256",
              "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
          new Vector(
              "Octokit's README",
              "github",
              "mysecret",
              "dlv_1",
              0,
              "{\"foo\":\"bar\"}",
              "X-Hub-Signature-256",
              "sha256=4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3"),
          new Vector(
              "GitHub's numbers, PagerDuty's header",
              "pagerduty",
              "It's a Secret to Everybody",
              "dlv_1",
              0,
              "Hello, World!",
              "X-PagerDuty-Signature",
              "v1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
          new Vector(
              "Slack documentation",
              "slack",
              SLACK_SECRET,
              "dlv_1",
              1531420618,
              SLASH_COMMAND,
              "X-Slack-Signature",
              SLACK_SIGNATURE),
          new Vector(
              "Slack's numbers, Zoom's header",
              "zoom",
              SLACK_SECRET,
              "dlv_1",
              1531420618,
              SLASH_COMMAND,
              "x-zm-signature",
              SLACK_SIGNATURE),
          new Vector(
              "computed with openssl",
              "shopify",
              "hush",
              "dlv_1",
              0,
              EVENT,
              "X-Shopify-Hmac-Sha256",
              "sc09ox6/ccNcTmXNHMwNZCGEwOIRL5Kb2Fuxjo74LiA="),
          new Vector(
              "compact body",
              "zenduty",
              "key",
              "dlv_1",
              0,
              "{\"payload\":{\"event_type\":\"triggered\",\"incident\":"
                  + "{\"title\":\"Zürich\",\"merged_with\":null}}}",
              "X-SIGNATURE",
              "tQYsGBB4k8wOO+xQizKryL67akqSEXnEApXSEz0ZZH0="),
          new Vector(
              "body as Python's json.dumps writes it",
              "zenduty",
              "key",
              "dlv_1",
              0,
              "{\"payload\": {\"event_type\": \"triggered\", \"incident\": "
                  + "{\"title\": \"Z\\u00fcrich\", \"merged_with\": null}}}",
              "X-SIGNATURE",
              "ID6skKgGJ7A+D5Pcb0aKxX9A4CQzKF3LJ58mnuPjptQ="));

  @ParameterizedTest
  @FieldSource("VECTORS")
  void signsAsPublished(Vector vector) {
    assertThat(signed(vector)).containsEntry(vector.header(), vector.value());
  }

  @ParameterizedTest
  @FieldSource("VECTORS")
  void verifiesAsPublished(Vector vector) {
    var headers = signed(vector);
    var verifier =
        new Verifier(
            scheme(vector),
            List.of(secret(vector)),
            Duration.ofMinutes(5),
            () -> Instant.ofEpochSecond(vector.timestamp()));

    assertThat(verifier.verify(values(headers), vector.body().getBytes(UTF_8), URL, "POST"))
        .isEqualTo(Verdict.VALID);
  }

  record Example(
      String label,
      Algorithm algorithm,
      KeyForm keyForm,
      String secret,
      String keyId,
      String components,
      String base,
      String signature) {

    SignatureScheme scheme() {
      String parameters = "(" + components + ");created={timestamp};keyid=\"{key_id}\"";
      return new SignatureScheme(
          "custom",
          algorithm,
          keyForm,
          TextForm.BASE64,
          base + "\"@signature-params\": " + parameters,
          List.of(
              "Signature-Input: " + label + "=" + parameters,
              "Signature: " + label + "=:{signature}:"));
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** B.2.5 and B.2.6, with the components that they sign. */
  static final List<Example> EXAMPLES =
      List.of(
          new Example(
              "sig-b25",
              Algorithm.HMAC_SHA256,
              KeyForm.BASE64,
              "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==",
              "test-shared-secret",
              "\"date\" \"@authority\" \"content-type\"",
              """
              "date": Tue, 20 Apr 2021 02:07:55 GMT
              "@authority": example.com
              "content-type": {content_type}
              """,
              "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="),
          new Example(
              "sig-b26",
              Algorithm.ED25519,
              KeyForm.WHSK,
              "whsk_n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcUmtAuPk//z2JcRL368WCsjLb1yUX0IL+g8+zDdzkPRuw==",
              "test-key-ed25519",
              "\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\"",
              """
              "date": Tue, 20 Apr 2021 02:07:55 GMT
              "@method": {method}
              "@path": /foo
              "@authority": example.com
              "content-type": {content_type}
              "content-length": 18
              """,
              "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="));

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void signsAsRfc9421Publishes(Example example) {
    SignatureScheme scheme = example.scheme();
    SigningSecret secret = SigningSecret.existing(scheme, Secret.of(example.secret()));
    var input =
        new SigningInput(
            "dlv_1",
            Instant.ofEpochSecond(1618884473),
            new byte[0],
            URL,
            "POST",
            "application/json",
            example.keyId());

    var headers = new LinkedHashMap<String, String>();
    new Signer(scheme, List.of(secret)).sign(input, headers::put);

    assertThat(headers)
        .containsEntry("Signature", example.label() + "=:" + example.signature() + ":")
        .containsEntry(
            "Signature-Input",
            "%s=(%s);created=1618884473;keyid=\"%s\""
                .formatted(example.label(), example.components(), example.keyId()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rfc9421_hmac", "rfc9421_ed25519"})
  void signsMessagesWithEveryLiveKey(String name) {
    var scheme = SCHEMES.named(name).orElseThrow();
    var random = new SecureRandom();
    var secrets =
        List.of(SigningSecret.generate(scheme, random), SigningSecret.generate(scheme, random));
    var headers = new LinkedHashMap<String, String>();
    headers.put("content-type", "application/json");
    var body = EVENT.getBytes(UTF_8);
    var now = Instant.ofEpochSecond(1700000000);
    new Signer(scheme, secrets)
        .sign(
            new SigningInput("dlv_1", now, body, URL, "POST", "application/json", "dst_1"),
            headers::put);

    assertThat(headers.get("Signature")).matches("sig1=:[^:]+:, sig2=:[^:]+:");
    assertThat(headers.get("Signature-Input")).contains("sig1=(", ", sig2=(", "keyid=\"dst_1\"");
    for (var secret : secrets) {
      var verifier = new Verifier(scheme, List.of(secret), Duration.ofMinutes(5), () -> now);
      assertThat(verifier.verify(values(headers), body, URL, "POST")).isEqualTo(Verdict.VALID);
      assertThat(verifier.verify(values(headers), "{}".getBytes(UTF_8), URL, "POST"))
          .isEqualTo(Verdict.MISMATCH);
      assertThat(verifier.verify(values(headers), body, URL, "PUT")).isEqualTo(Verdict.MISMATCH);
    }
  }

  private static Function<String, List<String>> values(Map<String, String> headers) {
    return name -> headers.containsKey(name) ? List.of(headers.get(name)) : List.of();
  }

  private static Map<String, String> signed(Vector vector) {
    var headers = new LinkedHashMap<String, String>();
    var input =
        new SigningInput(
            vector.id(),
            Instant.ofEpochSecond(vector.timestamp()),
            vector.body().getBytes(UTF_8),
            URL,
            "POST");
    new Signer(scheme(vector), List.of(secret(vector))).sign(input, headers::put);
    return headers;
  }

  private static SignatureScheme scheme(Vector vector) {
    return SCHEMES.named(vector.scheme()).orElseThrow();
  }

  private static SigningSecret secret(Vector vector) {
    return SigningSecret.existing(scheme(vector), Secret.of(vector.secret()));
  }
}
