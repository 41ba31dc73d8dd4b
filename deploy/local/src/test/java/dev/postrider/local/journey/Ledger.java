// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A customer's server that writes down every request: the oracle that says what was lost and what
 * was repeated.
 */
final class Ledger implements AutoCloseable {

  private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> arrived = new ConcurrentHashMap<>();
  private final DisposableServer server;
  private volatile Answers answers = (_, _) -> 200;
  private volatile Duration pause = Duration.ZERO;
  private volatile boolean repeats;
  private volatile @Nullable Webhook key;

  /** What tells one request from another: the delivery, and when it was signed. */
  record Request(String id, String timestamp, String signature) {}

  /** One request as it came, in order. */
  record Line(Instant at, String path, Request request, String trace, byte[] body, boolean valid) {
    String id() {
      return request.id();
    }

    String signature() {
      return request.signature();
    }

    String text() {
      return new String(body, UTF_8);
    }
  }

  /** Which status a request is answered with. */
  interface Answers {
    /**
     * Called after the request was written down.
     *
     * @param id of the delivery
     * @param earlier how many requests of this delivery came before
     */
    int status(String id, int earlier);
  }

  Ledger() {
    this.server =
        HttpServer.create()
            .bindAddress(() -> new InetSocketAddress("127.0.0.1", 0))
            .handle(this::receive)
            .bindNow();
  }

  private Mono<Void> receive(HttpServerRequest request, HttpServerResponse response) {
    return request
        .receive()
        .aggregate()
        .asByteArray()
        .defaultIfEmpty(new byte[0])
        .flatMap(
            body -> {
              Line line = line(request, body);
              lines.add(line);
              int number = arrived.merge(line.id(), 1, Integer::sum);
              response.status(answers.status(line.id(), number - 1));
              String answer = repeats ? request.requestHeaders().toString() : "noted";
              Mono<Void> sent = response.sendString(Mono.just(answer)).then();
              return pause.isZero() ? sent : Mono.delay(pause).then(sent);
            });
  }

  private Line line(HttpServerRequest request, byte[] body) {
    Map<String, List<String>> headers =
        request.requestHeaders().names().stream()
            .collect(Collectors.toMap(name -> name, request.requestHeaders()::getAll));
    return new Line(
        Instant.now(),
        request.uri(),
        new Request(
            request.requestHeaders().get("webhook-id", ""),
            request.requestHeaders().get("webhook-timestamp", ""),
            request.requestHeaders().get("webhook-signature", "")),
        request.requestHeaders().get("traceparent", ""),
        body,
        verifies(headers, body));
  }

  private boolean verifies(Map<String, List<String>> headers, byte[] body) {
    try {
      Webhook known = key;
      if (known == null) {
        return false;
      }
      known.verify(new String(body, UTF_8), HttpHeaders.of(headers, (_, _) -> true));
      return true;
    } catch (WebhookVerificationException e) {
      return false;
    }
  }

  /** Verifies from now on with the public library and this key. */
  void verifyWith(String secret) {
    try {
      key = new Webhook(secret);
    } catch (EmptyWebhookSecretException e) {
      throw new AssertionError(e);
    }
  }

  /** Answers by the number of the request among all, counting from 0. */
  void answer(IntUnaryOperator byNumber) {
    AtomicInteger all = new AtomicInteger();
    answers = (_, _) -> byNumber.applyAsInt(all.getAndIncrement());
  }

  void answerEach(Answers byDelivery) {
    answers = byDelivery;
  }

  /** Answers with the headers of each request from now on, as some error pages do. */
  void repeatWhatCame() {
    repeats = true;
  }

  /** Answers that much later from now on. */
  void pause(Duration time) {
    pause = time;
  }

  List<Line> lines() {
    return new ArrayList<>(lines);
  }

  List<String> ids() {
    return lines().stream().map(Line::id).toList();
  }

  int distinct() {
    return Math.toIntExact(lines.stream().map(Line::id).distinct().count());
  }

  int size() {
    return lines.size();
  }

  String url() {
    return "http://127.0.0.1:" + server.port() + "/hook";
  }

  @Override
  public void close() {
    server.disposeNow();
  }
}
