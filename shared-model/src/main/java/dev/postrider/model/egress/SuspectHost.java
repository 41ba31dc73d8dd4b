// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import inet.ipaddr.AddressStringParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.net.URLDecoder;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a URL as leniently as the most careless parser would, and asks whether that could lead to a
 * private address. It only ever refuses: what passes here still has to pass the strict rules.
 */
final class SuspectHost {

  // Java's regular expressions recurse; a longer URL is refused for its length anyway.
  private static final int READ_AT_MOST = 2048;
  private static final Pattern SCHEME =
      Pattern.compile("^(?:https?:|[a-z][a-z0-9+.-]*:(?=/|https?:))*/*", Pattern.CASE_INSENSITIVE);
  // What browsers drop, and what IDNA maps to nothing.
  private static final Pattern IGNORED =
      Pattern.compile("[\\x00-\\x20\\u00AD\\u200B-\\u200D\\u2060\\uFEFF]");
  private static final Pattern IDEOGRAPHIC_DOT = Pattern.compile("\\u3002");
  private static final Pattern NUMERIC = Pattern.compile("[0-9]+|0x[0-9a-f]*");
  private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern DOTTED_QUAD = Pattern.compile("(?:" + OCTET + "\\.){3}" + OCTET);
  static final Set<String> PRIVATE_SUFFIXES =
      Set.of("localhost", "localdomain", "local", "internal", "svc");

  private static final IPAddressStringParameters IPV6_SYNTAX =
      new IPAddressStringParameters.Builder()
          .allowIPv4(false)
          .allowEmpty(false)
          .allowAll(false)
          .allowPrefix(false)
          .allowWildcardedSeparator(false)
          .setRangeOptions(AddressStringParameters.RangeParameters.NO_RANGE)
          .toParams();

  private SuspectHost() {}

  /** Whether some reading of the URL leads to an address that the rules deny. */
  static boolean isPrivate(String url, int port, AddressRules rules) {
    return authorities(url).anyMatch(part -> hostIsPrivate(part, port, rules));
  }

  /**
   * Both sides of every {@code @}, since parsers disagree on which of them is the host, and of
   * every backslash, which some read as a slash and some as part of a user name.
   */
  private static Stream<String> authorities(String url) {
    String beginning = url.substring(0, Math.min(url.length(), READ_AT_MOST));
    String plain = Normalizer.normalize(beginning, Normalizer.Form.NFKC);
    plain = ignored(IDEOGRAPHIC_DOT.matcher(plain).replaceAll("."));
    return Stream.of(plain.replace('\\', '/'), plain.replace('\\', '@'))
        .map(reading -> SCHEME.matcher(reading).replaceFirst(""))
        .map(rest -> ignored(decoded(rest.split("[/?#]", 2)[0])))
        .flatMap(authority -> Arrays.stream(authority.split("@")));
  }

  private static String ignored(String text) {
    return IGNORED.matcher(text).replaceAll("");
  }

  private static String decoded(String authority) {
    try {
      return URLDecoder.decode(authority.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException _) {
      return authority;
    }
  }

  private static boolean hostIsPrivate(String part, int port, AddressRules rules) {
    String authority = part.toLowerCase(Locale.ROOT);
    var ipv6 = ipv6(authority);
    if (ipv6.isPresent()) {
      return !rules.judge(ipv6.get(), port).isReachable();
    }
    String host = authority.replaceFirst(":.*$", "").replaceFirst("\\.+$", "");
    String last = host.substring(host.lastIndexOf('.') + 1);
    if (!NUMERIC.matcher(last).matches()) {
      return PRIVATE_SUFFIXES.contains(last) && !rules.mayPermit(port);
    }
    return ipv4(host).map(bytes -> !rules.judge(bytes, port).isReachable()).orElse(true);
  }

  /** The address that this host or authority is in IPv6, brackets and zone left aside. */
  static Optional<byte[]> ipv6(String host) {
    String digits = host.replaceFirst("^\\[", "").replaceFirst("[]%].*$", "");
    return digits.indexOf(':') == digits.lastIndexOf(':')
        ? Optional.empty()
        : Optional.ofNullable(new IPAddressString(digits, IPV6_SYNTAX).getAddress())
            .map(IPAddress::getBytes);
  }

  /** Four decimal octets without leading zeros: the one spelling that all parsers read alike. */
  static Optional<byte[]> ipv4(String host) {
    return DOTTED_QUAD.matcher(host).matches()
        ? Optional.of(new IPAddressString(host).getAddress().getBytes())
        : Optional.empty();
  }
}
