// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import dev.postrider.model.egress.UrlVerdict.Allowed;
import dev.postrider.model.egress.UrlVerdict.Refused;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which URLs a tenant may aim at. Pure: no name is resolved here. The text is parsed once; the
 * object that was judged is the object that is sent.
 */
public final class UrlRules {

  private static final int MAX_LENGTH = 2048;
  private static final int MAX_PORT = 65_535;
  private static final int UNKNOWN_PORT = -1;
  private static final int MAX_HOST_LENGTH = 253;
  private static final Pattern PLAIN = Pattern.compile("[!-~&&[^\\\\]]*");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
  private static final Set<Integer> HTTPS_PORTS = Set.of(443, 8443);
  private static final Set<String> SPECIAL_SUFFIXES =
      Set.of("arpa", "onion", "i2p", "test", "invalid");

  private final AddressRules addresses;

  /** URL rules over these address rules. */
  public UrlRules(AddressRules addresses) {
    this.addresses = addresses;
  }

  /**
   * Judges a URL as it was given.
   *
   * @param field the name under which it was given, such as {@code endpoint_url}
   */
  public UrlVerdict judge(String field, String url) {
    return new Reading(field, url).verdict();
  }

  static String privateTarget(String field) {
    return field + " must not target a private or reserved address";
  }

  /** One URL on its way down the ladder of refusals. */
  private final class Reading {
    private final String field;
    private final String url;

    Reading(String field, String url) {
      this.field = field;
      this.url = url;
    }

    UrlVerdict verdict() {
      Optional<URI> parsed = parse();
      int port = parsed.map(UrlRules::port).orElse(UNKNOWN_PORT);
      if (SuspectHost.isPrivate(url, port, addresses)) {
        return new Refused(privateTarget(field));
      }
      return textRefusal(port)
          .or(() -> parsed.isEmpty() ? broken("be a URL with a valid host") : Optional.empty())
          .or(() -> parsed.flatMap(this::partsRefusal))
          .or(() -> parsed.flatMap(uri -> hostRefusal(host(uri))))
          .<UrlVerdict>map(Refused::new)
          .orElseGet(() -> destination(parsed.orElseThrow()));
    }

    private Optional<URI> parse() {
      try {
        return Optional.of(new URI(url)).filter(uri -> uri.getHost() != null);
      } catch (URISyntaxException _) {
        return Optional.empty();
      }
    }

    private Optional<String> textRefusal(int port) {
      boolean plainHttp = url.regionMatches(true, 0, "http:", 0, 5);
      boolean https = url.regionMatches(true, 0, "https:", 0, 6);
      if (!https && !(plainHttp && addresses.mayPermit(port))) {
        return broken("use https");
      }
      if (url.length() > MAX_LENGTH) {
        return broken("have at most " + MAX_LENGTH + " characters: had " + url.length());
      }
      return PLAIN.matcher(url).matches()
          ? Optional.empty()
          : broken("be ASCII without spaces, control characters or backslashes");
    }

    private Optional<String> partsRefusal(URI uri) {
      if (uri.getRawUserInfo() != null) {
        return broken("not contain a user name or password");
      }
      if (uri.getRawFragment() != null) {
        return broken("not contain a fragment");
      }
      String authority = uri.getRawAuthority();
      boolean plain = !authority.contains("%") && !authority.endsWith(":");
      return plain && port(uri) > 0 && port(uri) <= MAX_PORT
          ? Optional.empty()
          : broken("have a plain host and a port from 1 to " + MAX_PORT);
    }

    private Optional<String> hostRefusal(String host) {
      if (literal(host).isPresent()) {
        return Optional.empty();
      }
      if (host.length() > MAX_HOST_LENGTH) {
        return broken("have a host of at most " + MAX_HOST_LENGTH + " characters");
      }
      if (host.endsWith(".")) {
        return broken("have a host without a trailing dot");
      }
      for (String label : host.split("\\.", -1)) {
        if (!LABEL.matcher(label).matches()) {
          return broken("have a host of letters, digits and inner hyphens");
        }
      }
      String last = lastLabel(host);
      return SPECIAL_SUFFIXES.contains(last)
          ? broken("not have a host under ." + last)
          : Optional.empty();
    }

    /** What is only for the operator's networks stays so; the rest is anyone's. */
    private UrlVerdict destination(URI uri) {
      var refusal = refusalIfPublic(uri);
      var literal = literal(host(uri));
      if (literal.isPresent()) {
        boolean permitted = addresses.judge(literal.get(), port(uri)) == AddressVerdict.PERMITTED;
        refusal = permitted ? Optional.empty() : refusal;
      }
      if (refusal.isPresent() && (literal.isPresent() || !addresses.mayPermit(port(uri)))) {
        return new Refused(refusal.get());
      }
      return new Allowed(new Target(canonical(uri), refusal));
    }

    private Optional<String> refusalIfPublic(URI uri) {
      String host = host(uri);
      if (SuspectHost.PRIVATE_SUFFIXES.contains(lastLabel(host))) {
        return Optional.of(privateTarget(field));
      }
      if (isPlainHttp(uri)) {
        return broken("use https");
      }
      if (!host.contains(".") && !host.startsWith("[")) {
        return broken("have a host of at least two labels");
      }
      return HTTPS_PORTS.contains(port(uri))
          ? Optional.empty()
          : broken("use port 443 or 8443: was " + port(uri));
    }

    private Optional<String> broken(String rule) {
      return Optional.of(field + " must " + rule);
    }
  }

  private static Optional<byte[]> literal(String host) {
    return SuspectHost.ipv4(host).or(() -> SuspectHost.ipv6(host));
  }

  private static String host(URI uri) {
    return uri.getHost().toLowerCase(Locale.ROOT);
  }

  private static String lastLabel(String host) {
    return host.substring(host.lastIndexOf('.') + 1);
  }

  private static boolean isPlainHttp(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme());
  }

  static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : isPlainHttp(uri) ? 80 : 443;
  }

  /** Scheme and host in lower case, no default port, at least a slash for a path. */
  private static URI canonical(URI uri) {
    boolean plain = isPlainHttp(uri);
    boolean usual = port(uri) == (plain ? 80 : 443);
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return URI.create(
        (plain ? "http://" : "https://")
            + host(uri)
            + (usual ? "" : ":" + port(uri))
            + path
            + query);
  }
}
