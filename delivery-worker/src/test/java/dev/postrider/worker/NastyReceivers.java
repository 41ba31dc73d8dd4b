// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import dev.postrider.test.ScriptedServer;
import dev.postrider.test.SynBlackHole;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Everything that receivers do wrong, each on a port of its own, until they are healed. */
final class NastyReceivers implements AutoCloseable {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Map<String, ScriptedServer.Script> SCRIPTS =
      Map.ofEntries(
          Map.entry("n1 black hole", _ -> {}),
          Map.entry("n3 header drip", x -> x.drip("HTTP/1.1 200 OK\r\n")),
          Map.entry("n3 body drip", x -> x.drip(head("Content-Length: 9999"))),
          Map.entry("n4 endless 1xx", NastyReceivers::interim),
          Map.entry("n5 early hints", x -> x.send("HTTP/1.1 103 Early Hints\r\n\r\n" + OK)),
          Map.entry("n6 endless body", NastyReceivers::endless),
          Map.entry("n8 giant header", x -> x.send(head("X-A: " + "b".repeat(20_000)))),
          Map.entry("n9 garbage", x -> x.send("SSH-2.0-OpenSSH_9.6\r\n\r\n")),
          Map.entry("n10 no length", x -> ending(x, "HTTP/1.0 200 OK\r\n\r\nold")),
          Map.entry(
              "n11 two lengths",
              x -> x.send(head("Content-Length: 2\r\nTransfer-Encoding: chunked"))),
          Map.entry("n12 two answers", x -> x.send(OK + OK)),
          Map.entry("n13 reset", ScriptedServer.Exchange::reset),
          Map.entry("n13 half an answer", x -> ending(x, "HTTP/1.1 20")),
          Map.entry("n14 closes after each", x -> ending(x, OK)),
          Map.entry("n15 busy", x -> x.send(status(429, "Retry-After: 1"))),
          Map.entry("n17 fails", x -> x.send(status(500, "X-A: b"))),
          Map.entry("n18 redirects", x -> x.send(status(302, "Location: /"))));

  private final Map<String, ScriptedServer> servers = new ConcurrentHashMap<>();
  private final Set<String> reached = ConcurrentHashMap.newKeySet();
  private final ScriptedServer silent = ScriptedServer.answering("");
  private final ScriptedServer plain = ScriptedServer.greeting(status(400, "X-A: b"));
  private final SynBlackHole unconnected = new SynBlackHole();
  private volatile boolean healed;

  NastyReceivers() throws IOException {
    SCRIPTS.forEach(
        (name, script) ->
            servers.put(name, ScriptedServer.answering(x -> answer(name, script, x))));
  }

  private void answer(String name, ScriptedServer.Script nasty, ScriptedServer.Exchange exchange)
      throws IOException {
    if (healed) {
      exchange.send(OK);
      if (exchange.header("ce-type").equals("healed")) {
        reached.add(name);
      }
    } else {
      nasty.answer(exchange);
    }
  }

  List<String> healable() {
    return servers.values().stream().map(ScriptedServer::url).toList();
  }

  /** N2, twice N19, N22. */
  List<String> hopeless() {
    return List.of(
        unconnected.url(),
        silent.url().replace("http:", "https:"),
        plain.url().replace("http:", "https:"),
        "http://127.0.0.2:" + silent.port() + "/");
  }

  void heal() {
    healed = true;
  }

  /** Who has not seen an event of the type {@code healed} yet. */
  Set<String> unreached() {
    return servers.keySet().stream()
        .filter(name -> !reached.contains(name))
        .collect(Collectors.toSet());
  }

  private static String head(String header) {
    return "HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n";
  }

  private static String status(int status, String header) {
    return "HTTP/1.1 %d Status\r\n%s\r\nContent-Length: 0\r\n\r\n".formatted(status, header);
  }

  private static void interim(ScriptedServer.Exchange exchange) throws IOException {
    exchange.sendForever("HTTP/1.1 102 Processing\r\n\r\n", Duration.ofMillis(1));
  }

  private static void endless(ScriptedServer.Exchange exchange) throws IOException {
    exchange.send(head("Content-Length: 99999999999"));
    exchange.sendForever("x".repeat(64 * 1024), Duration.ofMillis(1));
  }

  private static void ending(ScriptedServer.Exchange exchange, String answer) throws IOException {
    exchange.send(answer);
    exchange.close();
  }

  @Override
  public void close() throws IOException {
    servers.values().forEach(ScriptedServer::close);
    silent.close();
    plain.close();
    unconnected.close();
  }
}
