// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import reactor.core.publisher.Hooks;

/**
 * Half a minute, once the service is warm, of a thousand requests a second on one key, with large
 * and deep bodies among them, beside two hundred connections that never come to the point; issue 6,
 * "hostile use".
 */
@Tag("soak")
class FloodIT extends ApiIT {

  /** Once calmly and once not: the compilers take both processors until they have seen a flood. */
  private static final Duration WARM_UP = Duration.ofSeconds(20);

  private static final Duration LENGTH = Duration.ofSeconds(30);
  private static final int DRIPPING = 200;
  private static final String LIMITED =
      "{\"id\": \"flood\", \"limits\": {\"requests_per_second\": 200}}";
  private static final String TYPES = "/api/v1/integrations/types";

  @Value("${local.management.port}")
  private int management;

  private final Map<String, AtomicInteger> answers = new ConcurrentSkipListMap<>();
  private final Queue<Long> calm = new ConcurrentLinkedQueue<>();
  private final Queue<Long> health = new ConcurrentLinkedQueue<>();

  @Test
  void slowsOneCallerDownAndNobodyElse() throws Exception {
    post("-/platform_admin", "/api/v1/tenants", LIMITED).exchange().expectStatus().isCreated();
    Hooks.resetOnLastOperator(); // what Spring Security's tests add to every operator
    List<Socket> slow = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2);
        HttpClient client = client(threads);
        HttpClient other = client(threads);
        ScheduledExecutorService clock = Executors.newScheduledThreadPool(2)) {
      HttpRequest small = get(TYPES, "flood/tenant_admin");
      HttpRequest large = put("{\"name\": \"" + "x".repeat(300 * 1024) + "\"}");
      HttpRequest deep = put("{\"name\": " + "[".repeat(10_000) + "]".repeat(10_000) + "}");
      every(clock, 20_000, () -> flood(client, small));
      every(clock, 400_000, () -> flood(client, large));
      every(clock, 400_000, () -> flood(client, deep));
      every(clock, 50_000, () -> time(other, get(TYPES, "calm/tenant_admin"), "calm", calm));
      every(clock, 50_000, () -> time(other, healthy(), "health", health));
      pass(clock, WARM_UP);
      slow.addAll(drip());
      every(clock, 1_000, () -> flood(client, small));
      every(clock, 20_000, () -> flood(client, large));
      every(clock, 20_000, () -> flood(client, deep));
      pass(clock, WARM_UP);
      forget();
      pass(clock, LENGTH);
    } finally {
      for (Socket each : slow) {
        each.close();
      }
    }
    System.out.println("answers " + new TreeMap<>(answers));
    System.out.printf(
        "ms p50/p99: health %d/%d, another tenant %d/%d%n",
        percentile(health, 50), percentile(health, 99), percentile(calm, 50), percentile(calm, 99));
    assertThat(answers.keySet())
        .contains("400", "413", "429", "calm 200", "health 200")
        .isSubsetOf("200", "400", "413", "429", "cut", "calm 200", "health 200");
    assertThat(percentile(health, 99)).isLessThan(100);
    assertThat(percentile(calm, 99)).isLessThan(100);
  }

  /** With as few threads as will do: they take processors from the service. */
  private static HttpClient client(ExecutorService threads) {
    return HttpClient.newBuilder().version(Version.HTTP_1_1).executor(threads).build();
  }

  private static void pass(ScheduledExecutorService clock, Duration time) throws Exception {
    assertThat(clock.awaitTermination(time.toSeconds(), TimeUnit.SECONDS)).isFalse();
  }

  private void forget() {
    answers.clear();
    calm.clear();
    health.clear();
  }

  private static void every(ScheduledExecutorService clock, int micros, Runnable what) {
    clock.scheduleAtFixedRate(what, 0, micros, TimeUnit.MICROSECONDS);
  }

  private void flood(HttpClient client, HttpRequest request) {
    client.sendAsync(request, BodyHandlers.discarding()).whenComplete((a, _) -> count("", a));
  }

  private void time(HttpClient client, HttpRequest request, String who, Queue<Long> times) {
    long begun = System.nanoTime();
    client
        .sendAsync(request, BodyHandlers.discarding())
        .whenComplete(
            (answer, _) -> {
              times.add((System.nanoTime() - begun) / 1_000_000);
              count(who + " ", answer);
            });
  }

  private void count(String who, HttpResponse<?> answer) {
    String what = who + (answer == null ? "cut" : answer.statusCode());
    answers.computeIfAbsent(what, _ -> new AtomicInteger()).incrementAndGet();
  }

  private final Map<String, String> bearers = new ConcurrentSkipListMap<>();

  private HttpRequest get(String path, String user) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("Authorization", "Bearer " + bearers.computeIfAbsent(user, tokens::of))
        .timeout(Duration.ofSeconds(10))
        .build();
  }

  private HttpRequest put(String body) {
    return HttpRequest.newBuilder(get(DESTINATIONS, "flood/tenant_admin"), (_, _) -> true)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(ISO_8859_1)))
        .build();
  }

  private HttpRequest healthy() {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + management + "/actuator/health/readiness"))
        .build();
  }

  private List<Socket> drip() throws IOException {
    List<Socket> slow = new ArrayList<>();
    for (int index = 0; index < DRIPPING; index++) {
      Socket socket = new Socket("127.0.0.1", port);
      socket.getOutputStream().write("GET / HTTP/1.1\r\nX-Slow: ".getBytes(ISO_8859_1));
      slow.add(socket);
    }
    return slow;
  }

  private static long percentile(Queue<Long> times, int percent) {
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
