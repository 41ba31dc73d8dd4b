// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postrider.test.StubNameServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameServersTest {

  @ParameterizedTest
  @CsvSource({
    "9.9.9.9, /9.9.9.9:53",
    "' 9.9.9.9 , 127.0.0.1:5353', /9.9.9.9:53 /127.0.0.1:5353",
    "2620:fe::fe, /[2620:fe:0:0:0:0:0:fe]:53",
    "[::1]:5353, /[0:0:0:0:0:0:0:1]:5353",
    "'', ''"
  })
  void takesAddressesWithAndWithoutAPort(String servers, String asked) {
    assertThat(NameServers.of(servers).addresses().stream().map(Object::toString))
        .containsExactly(asked.isEmpty() ? new String[0] : asked.split(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dns.example", "9.9.9.9:70000", "9.9.9.0/24", "9.9.9.*", "[::1", "9.9.9.9:"})
  void refusesEverythingElse(String servers) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NameServers.of(servers))
        .withMessage(
            "a name server must be address[:port], such as 9.9.9.9 or 127.0.0.1:5353: was '%s'",
            servers);
  }

  @Test
  void judgesANameByWhatTheOperatorsNameServerSays() throws Exception {
    try (StubNameServer names = new StubNameServer();
        Registration desk =
            Registration.under(
                AddressRules.allowing(""),
                NameServers.of("127.0.0.1:" + names.address().getPort()))) {
      names.answer("inside.example.com", "10.0.0.1").answer("outside.example.com", "8.8.8.8");

      assertThat(desk.judge("url", "https://outside.example.com/").block())
          .isInstanceOf(Admission.Admitted.class);
      assertThat(desk.judge("url", "https://inside.example.com/").block())
          .isEqualTo(new Admission.Refused("url must not target a private or reserved address"));
      assertThat(desk.judge("url", "https://nowhere.example.com/").block())
          .isInstanceOf(Admission.Unresolved.class);
    }
  }
}
