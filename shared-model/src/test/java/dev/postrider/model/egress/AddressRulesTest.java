// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {

  private static final AddressRules PLAIN = AddressRules.of("", "", "", Set.of());

  /** Block, the address before it, the address after it; '-' where the neighbour is denied too. */
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/8,          -,               1.0.0.0",
    "10.0.0.0/8,         9.255.255.255,   11.0.0.0",
    "100.64.0.0/10,      100.63.255.255,  100.128.0.0",
    "127.0.0.0/8,        126.255.255.255, 128.0.0.0",
    "169.254.0.0/16,     169.253.255.255, 169.255.0.0",
    "172.16.0.0/12,      172.15.255.255,  172.32.0.0",
    "192.0.0.0/24,       191.255.255.255, 192.0.1.0",
    "192.0.2.0/24,       192.0.1.255,     192.0.3.0",
    "192.31.196.0/24,    192.31.195.255,  192.31.197.0",
    "192.52.193.0/24,    192.52.192.255,  192.52.194.0",
    "192.88.99.0/24,     192.88.98.255,   192.88.100.0",
    "192.168.0.0/16,     192.167.255.255, 192.169.0.0",
    "192.175.48.0/24,    192.175.47.255,  192.175.49.0",
    "198.18.0.0/15,      198.17.255.255,  198.20.0.0",
    "198.51.100.0/24,    198.51.99.255,   198.51.101.0",
    "203.0.113.0/24,     203.0.112.255,   203.0.114.0",
    "224.0.0.0/4,        223.255.255.255, -",
    "240.0.0.0/4,        -,               -",
    "168.63.129.16/32,   168.63.129.15,   168.63.129.17",
    "2001::/23,          2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:200::",
    "2001:db8::/32,      2001:db7:ffff:ffff:ffff:ffff:ffff:ffff,  2001:db9::",
    "2002::/16,          2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2003::",
    "2620:4f:8000::/48,  2620:4f:7fff:ffff:ffff:ffff:ffff:ffff,   2620:4f:8001::",
    "3fff::/20,          3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff:1000::",
    "::/3,               -,               2000::",
    "4000::/2,           3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
    "8000::/1,           -,               -",
  })
  void deniesTheBlockAndNotItsNeighbours(String block, String before, String after) {
    var network = new IPAddressString(block).getAddress();

    assertThat(PLAIN.judge(network.getLower().getBytes(), 443).isReachable()).isFalse();
    assertThat(PLAIN.judge(network.getUpper().getBytes(), 443).isReachable()).isFalse();
    assertNeighbour(before);
    assertNeighbour(after);
  }

  private static void assertNeighbour(String address) {
    if (!address.equals("-")) {
      assertThat(PLAIN.judge(bytes(address), 443)).isEqualTo(AddressVerdict.PUBLIC);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.5",
        "::ffff:169.254.169.254",
        "::ffff:0:7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "100:0:0:1::1",
        "2001::1",
        "2001:10::1",
        "2002:7f00:1::",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
      })
  void deniesSpecialIpv6(String address) {
    assertThat(PLAIN.judge(bytes(address), 443).isReachable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"})
  void allowsThePublicInternet(String address) {
    assertThat(PLAIN.judge(bytes(address), 443)).isEqualTo(AddressVerdict.PUBLIC);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,        8085, PERMITTED",
    "::ffff:127.0.0.1, 8085, PERMITTED",
    "127.0.0.1,        8086, RESERVED",
    "127.0.0.2,        8085, RESERVED",
    "10.1.2.3,         1,    PERMITTED",
    "fd12::1,          443,  PERMITTED",
    "fd13::1,          443,  RESERVED",
    "8.8.8.8,          443,  PUBLIC",
  })
  void permitsWhatTheOperatorAllows(String address, int port, AddressVerdict verdict) {
    var rules = AddressRules.of("127.0.0.1/32:8085, 10.0.0.0/8,fd12::/16", "", "", Set.of());

    assertThat(rules.judge(bytes(address), port)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.170.2",
        "fd00:ec2::254",
        "fd20:ce::254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "::ffff:169.254.169.254",
      })
  void deniesMetadataServicesWhateverTheOperatorAllows(String address) {
    var rules = AddressRules.of("0.0.0.0/0,::/0", "", "", Set.of());

    assertThat(rules.judge(bytes(address), 80)).isEqualTo(AddressVerdict.METADATA);
    assertThat(rules.judge(bytes("192.168.1.1"), 80)).isEqualTo(AddressVerdict.PERMITTED);
  }

  @Test
  void deniesWhatTheOperatorDeniesUnlessAllowed() {
    var rules = AddressRules.of("8.8.8.8/32", "8.8.0.0/16", "", Set.of());

    assertThat(rules.judge(bytes("8.8.4.4"), 443)).isEqualTo(AddressVerdict.DENIED);
    assertThat(rules.judge(bytes("8.8.8.8"), 443)).isEqualTo(AddressVerdict.PERMITTED);
  }

  @Test
  void deniesThisMachinesOwnAddresses() throws Exception {
    var own = Set.of(InetAddress.getByName("8.8.8.8"));

    assertThat(AddressRules.of("", "", "", own).judge(bytes("8.8.8.8"), 443))
        .isEqualTo(AddressVerdict.OWN);
  }

  @Test
  void looksThroughTheOperatorsNat64Prefix() {
    var rules = AddressRules.of("", "", "2600:64::/96", Set.of());

    assertThat(rules.judge(bytes("2600:64::7f00:1"), 443)).isEqualTo(AddressVerdict.RESERVED);
    assertThat(rules.judge(bytes("2600:64::808:808"), 443)).isEqualTo(AddressVerdict.PUBLIC);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressRules.of("", "", "2600:64::/64", Set.of()));
  }

  @Test
  void deniesWhatIsNoAddress() {
    assertThat(PLAIN.judge(InetSocketAddress.createUnresolved("example.com", 443)))
        .isEqualTo(AddressVerdict.UNRESOLVED);
    assertThat(PLAIN.judge(UnixDomainSocketAddress.of("/tmp/x")))
        .isEqualTo(AddressVerdict.UNRESOLVED);
    assertThat(PLAIN.judge(new byte[5], 443)).isEqualTo(AddressVerdict.UNRESOLVED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "localhost/8",
        "10.0.0.0/8:70000",
        "10.0.0.0/8:x"
      })
  void refusesNetworksItCannotRead(String network) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressRules.allowing(network))
        .withMessage(
            "a network must be CIDR[:port], such as 10.0.0.0/8 or 127.0.0.1/32:8085: was '%s'",
            network);
  }

  private static byte[] bytes(String address) {
    return new IPAddressString(address).getAddress().getBytes();
  }
}
