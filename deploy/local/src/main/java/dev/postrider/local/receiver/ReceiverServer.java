// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/** The demo receiver's routes: {@code /hooks} is what the world calls, {@code /control} is ours. */
final class ReceiverServer {

  /** Of the requests that are kept, out of a heap of 256 MiB. */
  private static final int HISTORY_BYTES = 96 << 20;

  private ReceiverServer() {}

  static void main(String[] arguments) {
    start(Integer.parseInt(arguments[0])).onDispose().block();
  }

  static DisposableServer start(int port) {
    var clock = Clock.systemUTC();
    var inboxes = new Inboxes();
    var history = new History(HISTORY_BYTES);
    var hooks = new Hooks(inboxes, history, new SignatureCheck(clock), clock);
    var control = new Control(inboxes, history);
    var page = page();
    return HttpServer.create()
        .host("127.0.0.1")
        .port(port)
        .route(
            routes -> {
              routes.get("/", (_, response) -> show(page, response));
              routes.route(request -> request.uri().startsWith(Hooks.PREFIX), hooks);
              control.routes(routes);
            })
        .bindNow();
  }

  private static Publisher<Void> show(String page, HttpServerResponse response) {
    return response
        .header("Content-Type", "text/html; charset=utf-8")
        .header("Content-Security-Policy", "default-src 'self' 'unsafe-inline'")
        .sendString(Mono.just(page));
  }

  private static String page() {
    try (var html = ReceiverServer.class.getResourceAsStream("/receiver.html")) {
      if (html == null) {
        throw new IllegalStateException("receiver.html is not on the class path");
      }
      return new String(html.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
