// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static dev.postrider.model.egress.NameServers.OF_THIS_MACHINE;

import dev.postrider.test.ScriptedServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Guarded clients that may reach loopback, and requests for them. */
public final class TestClients {

  private static final AddressRules LOOPBACK = AddressRules.allowing("127.0.0.1/32");
  private static final int CONNECTIONS = 50;

  private TestClients() {}

  public static GuardedHttpClient toLoopback() {
    return GuardedHttpClient.create(LOOPBACK, OF_THIS_MACHINE, (_, _) -> {}, CONNECTIONS);
  }

  public static GuardedHttpClient withOneConnection() {
    return GuardedHttpClient.create(LOOPBACK, OF_THIS_MACHINE, (_, _) -> {}, 1);
  }

  /** Asks this server on loopback for names that are not in the hosts file. */
  public static GuardedHttpClient resolvingBy(InetSocketAddress nameServer) {
    return resolvingBy(nameServer, LOOPBACK);
  }

  /** The same under other rules. */
  public static GuardedHttpClient resolvingBy(InetSocketAddress nameServer, AddressRules rules) {
    return GuardedHttpClient.create(
        rules, NameServers.of("127.0.0.1:" + nameServer.getPort()), (_, _) -> {}, CONNECTIONS);
  }

  /** Finds these names on loopback, and trusts nobody but this authority. */
  public static GuardedHttpClient trusting(X509Certificate authority, String... onLoopback) {
    var names = new StubNames();
    for (String name : onLoopback) {
      names.answer(name, "127.0.0.1");
    }
    return new GuardedHttpClient(
        LOOPBACK, (_, _) -> {}, CONNECTIONS, _ -> names, tls -> tls.trustManager(authority));
  }

  /** As if the URL rules had said yes. */
  static Target target(ScriptedServer receiver, String path) {
    return new Target(URI.create("http://127.0.0.1:" + receiver.port() + path), Optional.empty());
  }

  static Request request(ScriptedServer receiver, Duration timeout) {
    byte[] body = "{}".getBytes(StandardCharsets.ISO_8859_1);
    return new Request(target(receiver, "/"), "POST", List.of(), body, timeout);
  }
}
