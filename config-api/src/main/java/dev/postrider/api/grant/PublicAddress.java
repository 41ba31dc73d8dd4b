// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.grant;

import dev.postrider.model.destination.DestinationId;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Where browsers and issuers reach this service: the configured base URL, else the configured
 * hostname, else the machine's own address. The same after every start, since it is registered at
 * issuers.
 */
@Component
public final class PublicAddress {

  private static final String CALLBACK = "/portal/oauth";

  private final String base;

  @Autowired
  PublicAddress(GrantSettings settings) {
    this(settings, PublicAddress::primary);
  }

  PublicAddress(GrantSettings settings, Supplier<InetAddress> own) {
    this.base = base(settings, own);
  }

  private static String base(GrantSettings settings, Supplier<InetAddress> own) {
    if (!settings.publicBaseUrl().isBlank()) {
      return settings.publicBaseUrl().strip().replaceAll("/+$", "");
    }
    String host = settings.hostname().isBlank() ? literal(own.get()) : settings.hostname().strip();
    return "https://" + host;
  }

  /** The redirection endpoint (RFC 6749 §3.1.2), one for all destinations, to the letter. */
  public String callback() {
    return base + CALLBACK;
  }

  /** The public half of the key that a destination signs with at its issuer (RFC 7517 §5). */
  public String keys(DestinationId destination) {
    return base + CALLBACK + "/jwks/" + destination;
  }

  /** RFC 3986 §3.2.2. */
  private static String literal(InetAddress address) {
    String text = address.getHostAddress();
    return address instanceof Inet6Address ? "[" + text.replaceAll("%.*", "") + "]" : text;
  }

  /** Of the first interface that is up and leads anywhere, IPv4 before IPv6. */
  private static InetAddress primary() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(PublicAddress::leadsAnywhere)
          .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLinkLocalAddress())
          .min(Comparator.comparing(address -> !(address instanceof Inet4Address)))
          .orElseGet(InetAddress::getLoopbackAddress);
    } catch (SocketException e) {
      return InetAddress.getLoopbackAddress();
    }
  }

  private static boolean leadsAnywhere(NetworkInterface one) {
    try {
      return one.isUp() && !one.isLoopback();
    } catch (SocketException e) {
      return false;
    }
  }
}
