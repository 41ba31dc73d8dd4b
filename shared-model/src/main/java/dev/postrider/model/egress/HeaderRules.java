// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which headers a tenant may set on its own requests. */
public final class HeaderRules {

  // RFC 9110 section 5.6.2.
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VALUE = Pattern.compile("[\\t -~]*");
  private static final Set<String> OURS =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "te",
          "upgrade",
          "expect",
          "keep-alive",
          "trailer",
          "traceparent",
          "metadata",
          "metadata-flavor");
  private static final Set<String> OUR_PREFIXES =
      Set.of("ce-", "proxy-", "webhook-", "x-aws-ec2-metadata-token");

  private HeaderRules() {}

  /**
   * The rule that this header breaks, if any.
   *
   * @param schemeHeaders the names, in lower case, that the destination's signature scheme sets
   */
  public static Optional<String> refusal(Header header, Set<String> schemeHeaders) {
    return nameRefusal(header.name(), schemeHeaders).or(() -> valueRefusal(header));
  }

  private static Optional<String> nameRefusal(String name, Set<String> schemeHeaders) {
    if (name.indexOf(' ') >= 0) {
      return Optional.of("Spaces are not allowed in headers");
    }
    if (!TOKEN.matcher(name).matches()) {
      return Optional.of("a header name must be letters, digits and !#$%&'*+-.^_`|~");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    boolean reserved =
        Stream.of(OURS, schemeHeaders).anyMatch(names -> names.contains(lower))
            || OUR_PREFIXES.stream().anyMatch(lower::startsWith);
    return reserved ? Optional.of("the header " + name + " is set by Postrider") : Optional.empty();
  }

  /** Does not repeat the value, which may be a secret. */
  private static Optional<String> valueRefusal(Header header) {
    String value = header.value();
    if (!VALUE.matcher(value).matches()) {
      return Optional.of("the value of " + header.name() + " must be printable ASCII");
    }
    return value.equals(value.strip())
        ? Optional.empty()
        : Optional.of("the value of " + header.name() + " must not begin or end with a space");
  }
}
