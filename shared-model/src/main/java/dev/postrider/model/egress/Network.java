// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses that an operator names.
 *
 * @param block the CIDR
 * @param port the only port meant, or 0 for every port
 */
record Network(IPAddress block, int port) {

  private static final Pattern SYNTAX =
      Pattern.compile("([0-9A-Fa-f.:]+/\\d{1,3})(?::(\\d{1,5}))?");
  private static final int MAX_PORT = 65_535;

  /** Parses {@code CIDR[:port]}, comma-separated; blank is none. */
  static List<Network> parseAll(String networks) {
    return Arrays.stream(networks.split(","))
        .map(String::strip)
        .filter(network -> !network.isEmpty())
        .map(Network::parse)
        .toList();
  }

  private static Network parse(String text) {
    var matcher = SYNTAX.matcher(text);
    IPAddress block = matcher.matches() ? block(matcher.group(1)) : null;
    int port = block == null || matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
    if (block == null || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "a network must be CIDR[:port], such as 10.0.0.0/8 or 127.0.0.1/32:8085: was '%s'"
              .formatted(text));
    }
    return new Network(block, port);
  }

  /** Only a true block: 10.0.0.1/8 is more likely a slip than meant. */
  private static @Nullable IPAddress block(String cidr) {
    var address = new IPAddressString(cidr).getAddress();
    return address != null && address.isPrefixBlock() ? address : null;
  }

  boolean contains(IPAddress address, int port) {
    return hasPort(port) && block.contains(address);
  }

  boolean hasPort(int port) {
    return this.port == 0 || this.port == port;
  }
}
