// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The token endpoint of a real issuer as those see it who are far away: it takes its time, and
 * whoever dies meanwhile never hears the answer.
 */
final class SlowIssuer implements AutoCloseable {

  private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<Boolean> renewals = new ConcurrentLinkedQueue<>();
  private final Map<String, Instant> goodUntil = new ConcurrentHashMap<>();
  private final AtomicReference<Silence> silence = new AtomicReference<>(Silence.NONE);
  private final CountDownLatch over = new CountDownLatch(1);
  private final URI issuer;
  private final HttpServer server;
  private volatile CountDownLatch silent = new CountDownLatch(1);
  private volatile Duration latency = Duration.ZERO;
  private volatile Duration life = Duration.ofHours(1);

  /** What becomes of a question that is never answered. */
  enum Silence {
    NONE,
    /** The issuer does not hear of it. */
    BEFORE_THE_ISSUER_HEARS,
    /** The issuer has taken the refresh token, which is good for nothing from then on. */
    AFTER_THE_ISSUER_HAS_ROTATED
  }

  SlowIssuer(String issuer) throws IOException {
    this.issuer = URI.create(issuer + "/oauth2/token");
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      boolean renewal = new String(body, UTF_8).contains("grant_type=refresh_token");
      Silence now = renewal ? silence.getAndSet(Silence.NONE) : Silence.NONE;
      if (now == Silence.BEFORE_THE_ISSUER_HEARS) {
        renewals.add(false);
        saysNothing();
        return;
      }
      HttpResponse<String> answer = ask(exchange.getRequestHeaders(), body);
      if (renewal) {
        renewals.add(answer.statusCode() == 200);
      }
      if (now == Silence.AFTER_THE_ISSUER_HAS_ROTATED) {
        saysNothing();
        return;
      }
      if (renewal) {
        Fleet.pass(latency);
      }
      answer(exchange, answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void saysNothing() throws InterruptedException {
    silent.countDown();
    over.await();
  }

  private HttpResponse<String> ask(Headers headers, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder question =
        HttpRequest.newBuilder(issuer).POST(BodyPublishers.ofByteArray(body));
    for (String name : new String[] {"Authorization", "Content-Type", "Accept"}) {
      String value = headers.getFirst(name);
      if (value != null) {
        question.header(name, value);
      }
    }
    return http.send(question.build(), BodyHandlers.ofString());
  }

  private void answer(HttpExchange exchange, HttpResponse<String> answer) throws IOException {
    String text =
        answer.body().replaceFirst("\"expires_in\":\\d+", "\"expires_in\":" + life.toSeconds());
    Matcher token = TOKEN.matcher(text);
    if (token.find()) {
      goodUntil.put(token.group(1), Instant.now().plus(life));
    }
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.statusCode(), bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
  }

  /** Each renewal takes that much longer from now on. */
  void takes(Duration time) {
    latency = time;
  }

  /** Tokens are good for that long from now on. */
  void grantsFor(Duration time) {
    life = time;
  }

  /** The next renewal is not answered. */
  void saysNothing(Silence when) {
    silent = new CountDownLatch(1);
    silence.set(when);
  }

  /** Returns when somebody waits for an answer in vain. */
  void awaitSilence() throws InterruptedException {
    assertThat(silent.await(60, TimeUnit.SECONDS)).as("somebody asks").isTrue();
  }

  /** That much time has gone by, for all tokens. */
  void age(Duration time) {
    goodUntil.replaceAll((_, end) -> end.minus(time));
  }

  /** As a receiver asks that checks what it is shown. */
  boolean vouchesFor(String token) {
    return Instant.now().isBefore(goodUntil.getOrDefault(token, Instant.MIN));
  }

  /** Every question with a refresh token so far, and whether the issuer took it. */
  List<Boolean> renewals() {
    return List.copyOf(renewals);
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
  }
}
