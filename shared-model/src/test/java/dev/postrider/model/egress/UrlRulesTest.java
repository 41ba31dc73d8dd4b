// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.egress.UrlVerdict.Allowed;
import dev.postrider.model.egress.UrlVerdict.Refused;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlRulesTest {

  private static final String PRIVATE = "must not target a private or reserved address";

  private final UrlRules strict = new UrlRules(AddressRules.of("", "", "", Set.of()));
  private final UrlRules local =
      new UrlRules(AddressRules.of("127.0.0.1/32:8085", "", "", Set.of()));

  @ParameterizedTest
  @CsvFileSource(resources = "private-urls.csv", delimiter = '\t')
  void refusesPrivateTargetsInEverySpelling(String url) {
    assertThat(refusal(strict, url)).isEqualTo("endpoint_url " + PRIVATE);
    assertThat(refusal(local, url)).isEqualTo("endpoint_url " + PRIVATE);
  }

  @ParameterizedTest
  @CsvFileSource(resources = "refused-urls.csv", delimiter = '\t')
  void namesTheRuleThatWasBroken(String url, String rule) {
    assertThat(refusal(strict, url)).isEqualTo("endpoint_url must " + rule);
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com/hook,             https://example.com/hook",
    "HTTPS://EXAMPLE.com:443/Hook?a=B%20c, https://example.com/Hook?a=B%20c",
    "https://example.com,                  https://example.com/",
    "https://example.com?a=1,              https://example.com/?a=1",
    "https://example.com:8443/,            https://example.com:8443/",
    "https://8.8.8.8/,                     https://8.8.8.8/",
    "https://[2606:4700:4700::1111]/,      https://[2606:4700:4700::1111]/",
    "https://xn--mnchen-3ya.example/,      https://xn--mnchen-3ya.example/",
    "https://example.com/?u=http://127.0.0.1/@localhost, "
        + "https://example.com/?u=http://127.0.0.1/@localhost",
    "https://127.0.0.1.nip.io/,            https://127.0.0.1.nip.io/",
    "https://localhost.example.com/,       https://localhost.example.com/",
  })
  void allowsAndMakesCanonical(String url, String canonical) {
    assertThat(strict.judge("endpoint_url", url))
        .isInstanceOfSatisfying(Allowed.class, allowed -> assertAnywhere(allowed, canonical));
  }

  private static void assertAnywhere(Allowed allowed, String canonical) {
    assertThat(allowed.target()).hasToString(canonical);
    assertThat(allowed.target().accepts(AddressVerdict.PUBLIC)).isTrue();
    assertThat(allowed.target().accepts(AddressVerdict.RESERVED)).isFalse();
  }

  @Test
  void liftsHttpsAndPortForAnAddressThatTheOperatorAllows() {
    assertThat(strict.judge("endpoint_url", "http://127.0.0.1:8085/hook"))
        .isInstanceOf(Refused.class);
    assertThat(local.judge("endpoint_url", "http://127.0.0.1:8085/hook"))
        .isInstanceOfSatisfying(
            Allowed.class, allowed -> assertAnywhere(allowed, "http://127.0.0.1:8085/hook"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8085/,            must not target a private or reserved address",
    "http://receiver.example.com:8085/, must use https",
    "https://receiver:8085/,            must have a host of at least two labels",
    "https://receiver.example:8085/,    must use port 443 or 8443: was 8085",
  })
  void leavesNamesToResolutionWhereTheOperatorAllowsThePort(String url, String unlessPermitted) {
    assertThat(refusal(strict, url)).isEqualTo("endpoint_url " + unlessPermitted);
    assertThat(local.judge("endpoint_url", url))
        .isInstanceOfSatisfying(
            Allowed.class,
            allowed -> assertPermittedOnly(allowed, "endpoint_url " + unlessPermitted));
  }

  private static void assertPermittedOnly(Allowed allowed, String refusal) {
    assertThat(allowed.target().refusalIfPublic()).contains(refusal);
    assertThat(allowed.target().accepts(AddressVerdict.PERMITTED)).isTrue();
    assertThat(allowed.target().accepts(AddressVerdict.PUBLIC)).isFalse();
  }

  @Test
  void namesTheFieldItWasGiven() {
    assertThat(strict.judge("token_url", "http://10.0.0.5/"))
        .isEqualTo(new Refused("token_url " + PRIVATE));
  }

  @Test
  void holdsUrlsTo2048Characters() {
    String url = "https://example.com/";

    assertThat(refusal(strict, url + "a".repeat(2029)))
        .isEqualTo("endpoint_url must have at most 2048 characters: had 2049");
    assertThat(strict.judge("endpoint_url", url + "a".repeat(2028))).isInstanceOf(Allowed.class);
    assertThat(refusal(strict, "https://" + "a.".repeat(130) + "com/"))
        .isEqualTo("endpoint_url must have a host of at most 253 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http:", "https:", "https://", "@", "[", ":", ".", "1.", "%31", "a:/"})
  void survivesEndlessRepetition(String part) {
    String url = "https://example.com" + part.repeat(100_000);

    assertThat(strict.judge("endpoint_url", url)).isInstanceOf(Refused.class);
    assertThat(strict.judge("endpoint_url", part.repeat(100_000))).isInstanceOf(Refused.class);
  }

  private static String refusal(UrlRules rules, String url) {
    return switch (rules.judge("endpoint_url", url)) {
      case Refused refused -> refused.message();
      case Allowed allowed -> "allowed " + allowed.target();
    };
  }
}
