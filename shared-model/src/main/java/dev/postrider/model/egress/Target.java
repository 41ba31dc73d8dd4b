// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import java.net.URI;
import java.util.Optional;

/**
 * A URL that has passed the rules, and the only thing the guarded client sends to: only {@link
 * UrlRules} makes one, so that what was judged is what is sent.
 */
public final class Target {

  private final URI uri;
  private final Optional<String> refusalIfPublic;

  Target(URI uri, Optional<String> refusalIfPublic) {
    this.uri = uri;
    this.refusalIfPublic = refusalIfPublic;
  }

  /** In canonical form, as it is stored, shown and sent. */
  public URI uri() {
    return uri;
  }

  /** As a resolver takes it: an address literal of IPv6 without its brackets. */
  String host() {
    String host = uri.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    return UrlRules.port(uri);
  }

  /**
   * The rule this URL breaks, unless it leads to a network that the operator allows; the client
   * connects to no other address for it.
   */
  Optional<String> refusalIfPublic() {
    return refusalIfPublic;
  }

  boolean accepts(AddressVerdict verdict) {
    return refusalIfPublic.isPresent()
        ? verdict == AddressVerdict.PERMITTED
        : verdict.isReachable();
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
