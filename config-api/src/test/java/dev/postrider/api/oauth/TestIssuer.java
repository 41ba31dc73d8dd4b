// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A token endpoint that takes every code and every refresh token once, as strict ones do, and can
 * be slow, silent or broken.
 */
final class TestIssuer implements AutoCloseable {

  /** Where it may be reached, as the service is told; one port for all tests. */
  static final int PORT = dev.postrider.api.ApiIT.ISSUER_PORT;

  /** One request to the token endpoint. */
  record Asked(Map<String, String> parameters, Map<String, String> headers, String body) {

    String grant() {
      return body.contains("\"grant_type\":\"client_credentials\"")
          ? "client_credentials"
          : parameters.getOrDefault("grant_type", "");
    }
  }

  final List<Asked> asked = new CopyOnWriteArrayList<>();

  /** Answers that come before all others: status and body; redirects lead back to itself. */
  final Deque<Map.Entry<Integer, String>> scripted = new ConcurrentLinkedDeque<>();

  volatile Duration latency = Duration.ZERO;
  volatile int life = 3600;

  /** By code: what must be shown with it. */
  private final Map<String, String> challenges = new ConcurrentHashMap<>();

  private final Map<String, Boolean> refreshTokens = new ConcurrentHashMap<>();
  private final AtomicInteger issued = new AtomicInteger();
  private final HttpServer server;
  private final String scheme;

  TestIssuer() {
    this(null);
  }

  /** One that speaks TLS, if it has something to show. */
  TestIssuer(@Nullable SSLContext tls) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT);
      if (tls == null) {
        server = HttpServer.create(address, 0);
        scheme = "http";
      } else {
        HttpsServer secured = HttpsServer.create(address, 0);
        secured.setHttpsConfigurator(new HttpsConfigurator(tls));
        server = secured;
        scheme = "https";
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/token", this::answer);
    server.start();
  }

  String tokenUrl() {
    return scheme + "://127.0.0.1:" + PORT + "/token";
  }

  /** As if somebody had agreed at the authorize URL. */
  String agree(Map<String, String> authorize) {
    String code = "code-" + issued.incrementAndGet();
    challenges.put(code, authorize.get("code_challenge"));
    return code;
  }

  /** The access token that was given last. */
  String last() {
    return "access-" + issued.get();
  }

  long count(String grant) {
    return asked.stream().filter(one -> one.grant().equals(grant)).count();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    Asked request = new Asked(parameters(body), headers, body);
    asked.add(request);
    var answer = scripted.poll();
    if (answer == null) {
      answer = judged(request); // taken now, told later: as an issuer that is slow to answer
    }
    pause(latency);
    byte[] bytes = answer.getValue().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (answer.getKey() / 100 == 3) {
      exchange.getResponseHeaders().set("Location", tokenUrl());
    }
    exchange.sendResponseHeaders(answer.getKey(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Map.Entry<Integer, String> judged(Asked request) {
    Map<String, String> parameters = request.parameters();
    return switch (request.grant()) {
      case "client_credentials" -> tokens(false);
      case "authorization_code" -> {
        String challenge = challenges.remove(parameters.getOrDefault("code", ""));
        boolean good = challenge != null && challenge.equals(s256(parameters.get("code_verifier")));
        yield good ? tokens(true) : refused();
      }
      case "refresh_token" ->
          refreshTokens.remove(parameters.getOrDefault("refresh_token", "")) != null
              ? tokens(true)
              : refused();
      default -> refused();
    };
  }

  private static String s256(String verifier) {
    try {
      byte[] hash =
          java.security.MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8));
      return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map.Entry<Integer, String> refused() {
    return Map.entry(
        400, "{\"error\": \"invalid_grant\", \"error_description\": \"used <b>up</b>\"}");
  }

  private Map.Entry<Integer, String> tokens(boolean refreshable) {
    int number = issued.incrementAndGet();
    String refresh = "";
    if (refreshable) {
      refreshTokens.put("refresh-" + number, true);
      refresh = ", \"refresh_token\": \"refresh-" + number + "\"";
    }
    return Map.entry(
        200,
        "{\"access_token\": \"access-%d\", \"token_type\": \"bEaReR\", \"expires_in\": %d%s}"
            .formatted(number, life, refresh));
  }

  static Map<String, String> parameters(String form) {
    Map<String, String> parameters = new TreeMap<>();
    if (!form.isEmpty() && !form.startsWith("{")) {
      for (String pair : form.split("&")) {
        String[] parts = pair.split("=", 2);
        parameters.put(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : "");
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, UTF_8);
  }

  private static void pause(Duration time) {
    try {
      new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
