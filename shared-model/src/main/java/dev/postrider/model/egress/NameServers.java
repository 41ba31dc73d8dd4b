// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import inet.ipaddr.HostName;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

/** Who is asked where a name leads that a tenant has given. */
public final class NameServers {

  /** As this machine is told, in {@code /etc/resolv.conf} or its like. */
  public static final NameServers OF_THIS_MACHINE = new NameServers(List.of());

  private static final int DNS = 53;

  private final List<InetSocketAddress> addresses;

  private NameServers(List<InetSocketAddress> addresses) {
    this.addresses = addresses;
  }

  /**
   * Those that an operator names.
   *
   * @param servers {@code address[:port]}, comma-separated, IPv6 in brackets where a port follows;
   *     each is asked when the one before it is silent; without a port 53; blank for {@link
   *     #OF_THIS_MACHINE}
   * @throws IllegalArgumentException when one of them is no address
   */
  public static NameServers of(String servers) {
    return new NameServers(
        Arrays.stream(servers.split(","))
            .map(String::strip)
            .filter(server -> !server.isEmpty())
            .map(NameServers::parse)
            .toList());
  }

  private static InetSocketAddress parse(String server) {
    HostName host = new HostName(server);
    if (!host.isAddress() || host.asAddress().isMultiple()) {
      throw new IllegalArgumentException(
          "a name server must be address[:port], such as 9.9.9.9 or 127.0.0.1:5353: was '%s'"
              .formatted(server));
    }
    int port = host.getPort() == null ? DNS : host.getPort();
    return new InetSocketAddress(host.asAddress().toInetAddress(), port);
  }

  /** In the order in which they are asked; empty for those of this machine. */
  List<InetSocketAddress> addresses() {
    return addresses;
  }

  DnsNameResolverBuilder askedBy(DnsNameResolverBuilder resolver) {
    return addresses.isEmpty()
        ? resolver
        : resolver.nameServerProvider(new SequentialDnsServerAddressStreamProvider(addresses));
  }
}
