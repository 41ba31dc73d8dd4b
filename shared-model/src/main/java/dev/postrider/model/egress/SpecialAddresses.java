// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses that are not the public Internet.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA IPv4 registry</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IANA IPv6 registry</a>
 */
final class SpecialAddresses {

  /** Where clouds serve credentials to their machines. */
  private static final List<IPAddress> METADATA =
      blocks(
          "169.254.0.0/16",
          "fd00:ec2::254",
          "fd20:ce::254",
          "100.100.100.200",
          "192.0.0.192",
          "168.63.129.16");

  private static final List<IPAddress> IPV4 =
      blocks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.31.196.0/24",
          "192.52.193.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "192.175.48.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "168.63.129.16/32");

  /** All of IPv6 that is routed; what is outside is denied without being named. */
  private static final IPAddress IPV6_GLOBAL = block("2000::/3");

  private static final List<IPAddress> IPV6 =
      blocks("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");

  private SpecialAddresses() {}

  static boolean isMetadata(IPAddress address) {
    return anyContains(METADATA, address);
  }

  static boolean isReserved(IPAddress address) {
    return address.isIPv4()
        ? anyContains(IPV4, address)
        : !IPV6_GLOBAL.contains(address) || anyContains(IPV6, address);
  }

  private static boolean anyContains(List<IPAddress> blocks, IPAddress address) {
    return blocks.stream().anyMatch(block -> block.contains(address));
  }

  private static List<IPAddress> blocks(String... cidrs) {
    return Stream.of(cidrs).map(SpecialAddresses::block).toList();
  }

  private static IPAddress block(String cidr) {
    return new IPAddressString(cidr).getAddress();
  }
}
