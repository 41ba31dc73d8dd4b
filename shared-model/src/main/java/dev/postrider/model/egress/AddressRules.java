// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import inet.ipaddr.IPAddress;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which addresses may be reached. Judges bytes, in this order: unwrap IPv4 out of IPv6; metadata
 * services; what the operator allows; what the operator denies; this machine's own addresses; the
 * special-purpose registries. Anything it cannot read is denied.
 */
public final class AddressRules {

  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private final List<Network> allowed;
  private final List<Network> denied;
  private final List<Network> nat64;
  private final Set<InetAddress> own;

  private AddressRules(
      List<Network> allowed, List<Network> denied, List<Network> nat64, Set<InetAddress> own) {
    this.allowed = allowed;
    this.denied = denied;
    this.nat64 = nat64;
    this.own = own;
  }

  /**
   * The rules of a deployment that adds nothing but this list.
   *
   * @param allowed networks that may be reached although private: {@code CIDR[:port]},
   *     comma-separated, without a port every port; blank for none
   */
  public static AddressRules allowing(String allowed) {
    return of(allowed, "", "");
  }

  /**
   * The rules of a deployment. This machine's own addresses are read once, here.
   *
   * @param allowed as in {@link #allowing}
   * @param denied networks that may not be reached although public, in the same syntax
   * @param nat64 the prefixes by which this network reaches IPv4 through IPv6: /96 blocks
   */
  public static AddressRules of(String allowed, String denied, String nat64) {
    return of(allowed, denied, nat64, ownAddresses());
  }

  static AddressRules of(String allowed, String denied, String nat64, Set<InetAddress> own) {
    var prefixes = Network.parseAll(nat64);
    for (var prefix : prefixes) {
      if (!Integer.valueOf(96).equals(prefix.block().getPrefixLength()) || prefix.port() != 0) {
        throw new IllegalArgumentException("a NAT64 prefix must be a /96: was " + prefix.block());
      }
    }
    return new AddressRules(Network.parseAll(allowed), Network.parseAll(denied), prefixes, own);
  }

  private static Set<InetAddress> ownAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .collect(Collectors.toUnmodifiableSet());
    } catch (SocketException e) {
      throw new IllegalStateException("cannot list this machine's network interfaces", e);
    }
  }

  /** Judges where a socket is about to connect. */
  AddressVerdict judge(SocketAddress address) {
    return address instanceof InetSocketAddress inet && !inet.isUnresolved()
        ? judge(inet.getAddress().getAddress(), inet.getPort())
        : AddressVerdict.UNRESOLVED;
  }

  /**
   * Judges an address in network byte order.
   *
   * @param bytes 4 or 16 of them
   * @param port what is to be reached there, since the operator may allow one port only
   */
  public AddressVerdict judge(byte[] bytes, int port) {
    return switch (bytes.length) {
      case IPV4_BYTES -> judge(new IPv4Address(bytes), bytes, port);
      case IPV6_BYTES -> judgeIpv6(bytes, port);
      default -> AddressVerdict.UNRESOLVED;
    };
  }

  private AddressVerdict judgeIpv6(byte[] bytes, int port) {
    var address = new IPv6Address(bytes);
    boolean wrapsIpv4 =
        Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length)
            || contains(nat64, address, port);
    return wrapsIpv4
        ? judge(Arrays.copyOfRange(bytes, IPV6_BYTES - IPV4_BYTES, IPV6_BYTES), port)
        : judge(address, bytes, port);
  }

  private AddressVerdict judge(IPAddress address, byte[] bytes, int port) {
    if (SpecialAddresses.isMetadata(address)) {
      return AddressVerdict.METADATA;
    }
    if (contains(allowed, address, port)) {
      return AddressVerdict.PERMITTED;
    }
    if (contains(denied, address, port)) {
      return AddressVerdict.DENIED;
    }
    if (own.stream().anyMatch(mine -> Arrays.equals(mine.getAddress(), bytes))) {
      return AddressVerdict.OWN;
    }
    return SpecialAddresses.isReserved(address) ? AddressVerdict.RESERVED : AddressVerdict.PUBLIC;
  }

  private static boolean contains(List<Network> networks, IPAddress address, int port) {
    return networks.stream().anyMatch(network -> network.contains(address, port));
  }

  /** Whether the operator allows anything at this port, so that a name may lead there. */
  boolean mayPermit(int port) {
    return allowed.stream().anyMatch(network -> network.hasPort(port));
  }
}
