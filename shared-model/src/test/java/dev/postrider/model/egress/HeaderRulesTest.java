// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderRulesTest {

  private static final Set<String> SCHEME = Set.of("x-postrider-signature");

  @ParameterizedTest
  @CsvSource({
    "X-Env,prod",
    "Authorization,Bearer a b",
    "Content-Type,text/plain",
    "X-Empty,''",
    "tenant,a"
  })
  void acceptsATenantsOwnHeaders(String name, String value) {
    assertThat(HeaderRules.refusal(new Header(name, value), SCHEME)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "content-length",
        "Transfer-Encoding",
        "CONNECTION",
        "TE",
        "Upgrade",
        "Expect",
        "Keep-Alive",
        "Trailer",
        "traceparent",
        "ce-id",
        "Proxy-Authorization",
        "proxy-connection",
        "webhook-id",
        "Webhook-Signature",
        "webhook-anything",
        "Metadata",
        "Metadata-Flavor",
        "X-aws-ec2-metadata-token",
        "X-aws-ec2-metadata-token-ttl-seconds",
        "X-Postrider-Signature",
      })
  void refusesHeadersThatAreNotTheTenants(String name) {
    assertThat(HeaderRules.refusal(new Header(name, "x"), SCHEME))
        .contains("the header " + name + " is set by Postrider");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X Env", " X-Env", "X-Env ", " "})
  void refusesSpacesInNames(String name) {
    assertThat(HeaderRules.refusal(new Header(name, "x"), SCHEME))
        .contains("Spaces are not allowed in headers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "X-A:", "X-A\r\nHost", "X-A\0", "X-Ä", "X\tA", "(X)"})
  void refusesNamesThatAreNoToken(String name) {
    assertThat(HeaderRules.refusal(new Header(name, "x"), SCHEME))
        .hasValueSatisfying(rule -> assertThat(rule).startsWith("a header name must be"));
  }

  @ParameterizedTest
  @ValueSource(strings = {" canary", "canary ", "\tcanary", "canary\t"})
  void refusesOuterSpaceInValues(String value) {
    assertThat(HeaderRules.refusal(new Header("X-A", value), SCHEME))
        .contains("the value of X-A must not begin or end with a space");
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary\r\nHost: evil", "canary\n", "canary\0", "canary\u007f", "Zürich"})
  void refusesValuesThatCouldSplitARequest(String value) {
    assertThat(HeaderRules.refusal(new Header("X-A", value), SCHEME))
        .contains("the value of X-A must be printable ASCII");
  }
}
