// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.egress.Admission.Admitted;
import dev.postrider.model.egress.Admission.Refused;
import dev.postrider.model.egress.Admission.Unresolved;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationTest {

  private static final Refused PRIVATE =
      new Refused("endpoint_url must not target a private or reserved address");

  private final StubNames names =
      new StubNames()
          .answer("localhost", "127.0.0.1", "::1")
          .answer("inside.example", "10.0.0.5", "127.0.0.1")
          .answer("mixed.example", "10.0.0.5", "8.8.8.8")
          .answer("example.com", "8.8.8.8")
          .answer("8.8.8.8", "8.8.8.8")
          .answer("127.0.0.1", "127.0.0.1");
  private final Registration registration =
      new Registration(AddressRules.of("127.0.0.1/32:8085", "", "", Set.of()), names);

  @AfterEach
  void close() {
    registration.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/",
        "https://mixed.example/",
        "https://8.8.8.8/",
        "http://127.0.0.1:8085/hook",
        "http://localhost:8085/hook",
        "http://inside.example:8085/",
      })
  void admitsWhatLeadsToAnAllowedAddress(String url) {
    assertThat(judge(url)).isEqualTo(new Admitted(URI.create(url)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/",
        "http://10.0.0.5/",
        "http://127.0.0.1:9000/hook",
        "http://10.0.0.5/hook",
        "http://localhost:9000/",
        "https://inside.example/",
        "https://localhost/",
      })
  void refusesWhatLeadsToPrivateAddressesOnly(String url) {
    assertThat(judge(url)).isEqualTo(PRIVATE);
  }

  @Test
  void liftsTheHttpsRuleOnlyForPermittedAddresses() {
    var https = new Refused("endpoint_url must use https");

    assertThat(judge("http://example.com:8085/")).isEqualTo(https);
    assertThat(judge("http://unknown.example:8085/")).isEqualTo(https);
    assertThat(judge("http://example.com/")).isEqualTo(https);
  }

  @Test
  void acceptsANameThatDoesNotResolveWithAReason() {
    assertThat(judge("https://unknown.example/hook"))
        .isEqualTo(
            new Unresolved(
                URI.create("https://unknown.example/hook"),
                "the name unknown.example does not resolve"));
  }

  @Test
  void resolvesLocalhostByTheHostsFile() {
    try (var real =
        Registration.under(
            AddressRules.allowing("127.0.0.1/32:8085"), NameServers.OF_THIS_MACHINE)) {
      assertThat(real.judge("endpoint_url", "http://localhost:8085/").block())
          .isInstanceOf(Admitted.class);
      assertThat(real.judge("endpoint_url", "http://127.0.0.1:8085/").block())
          .isInstanceOf(Admitted.class);
    }
  }

  private Admission judge(String url) {
    var admission = registration.judge("endpoint_url", url).block();
    assertThat(admission).isNotNull();
    return admission;
  }
}
