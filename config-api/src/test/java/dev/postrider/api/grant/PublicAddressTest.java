// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class PublicAddressTest {

  @Test
  void o5UsesThePublicBaseUrl() {
    assertThat(callback("https://hooks.example.com/", "appliance.local", "192.0.2.7"))
        .isEqualTo("https://hooks.example.com/portal/oauth");
  }

  @Test
  void o5UsesTheHostnameWhereThereIsNoPublicBaseUrl() {
    assertThat(callback("", "appliance.local", "192.0.2.7"))
        .isEqualTo("https://appliance.local/portal/oauth");
  }

  @Test
  void o5UsesTheOwnAddressWhereThereIsNeither() {
    assertThat(callback("", "", "192.0.2.7")).isEqualTo("https://192.0.2.7/portal/oauth");
    assertThat(callback("", "", "2001:db8::7"))
        .isEqualTo("https://[2001:db8:0:0:0:0:0:7]/portal/oauth");
  }

  private static String callback(String base, String hostname, String own) {
    return new PublicAddress(new GrantSettings(base, hostname), () -> address(own)).callback();
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
