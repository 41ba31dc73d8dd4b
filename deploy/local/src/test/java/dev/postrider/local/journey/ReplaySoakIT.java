// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.local.Home;
import dev.postrider.local.LocalStack;
import dev.postrider.local.Settings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;

/** A million deliveries, or as many as {@code -Dreplay.count} says, are sent again. */
@Tag("soak")
class ReplaySoakIT {

  private static final int COUNT = Integer.getInteger("replay.count", 1_000_000);
  private static final int FRESH_PER_SECOND = 200;
  private static final int MOST_AHEAD = 1_000;
  private static final Duration ALONE = Duration.ofSeconds(30);
  private static final Duration LONG = Duration.ofMinutes(45);

  private final AtomicIntegerArray arrived = new AtomicIntegerArray(COUNT);
  private final AtomicInteger requests = new AtomicInteger();
  private final Queue<Long> latencies = new ConcurrentLinkedQueue<>();

  @Test
  void b7ReplaysAMillionEachOnceThroughAKillWhileFreshOnesGoOn(@TempDir Path directory)
      throws Exception {
    Home home = Home.of(Path.of("../..")).at(directory);
    Settings settings = Settings.onFreePorts(home).with("POSTRIDER_EGRESS_ALLOW", "127.0.0.1/32");
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    DisposableServer receiver = receiver();
    try (LocalStack stack = LocalStack.start(settings);
        Platform platform = new Platform(stack, "acme")) {
      Api api = new Api(stack, "acme");
      Instant begun = Instant.now();
      JsonNode bulk = subscribe(api, receiver, "bulk");
      subscribe(api, receiver, "fresh");
      publish(platform);
      await().atMost(LONG).until(() -> requests.get() == COUNT);
      await().atMost(LONG).until(() -> recorded(api) >= COUNT);

      long period = TimeUnit.SECONDS.toNanos(1) / FRESH_PER_SECOND;
      clock.scheduleAtFixedRate(() -> fresh(platform), 0, period, TimeUnit.NANOSECONDS);
      Fleet.pass(ALONE); // the worker grows used to the rhythm
      latencies.clear();
      Fleet.pass(ALONE);
      long alone = p99();

      Instant ordered = Instant.now();
      String replay = replay(api, bulk, begun);
      await().atMost(LONG).until(() -> requests.get() > COUNT + COUNT / 4);
      long before = p99();
      stack.part("config-api").kill();
      stack.restore();
      long amid = p99();
      JsonNode ended = awaitEnd(api, replay);
      await().atMost(LONG).until(() -> requests.get() >= 2 * COUNT);
      Duration took = Duration.between(ordered, Instant.now());
      long beside = p99();
      Fleet.pass(Duration.ofSeconds(5));

      System.out.printf(
          "replayed %,d in %d s through a kill: %s, done %,d; fresh p99 %d ms alone, %d ms"
              + " beside it, %d ms during the restart, %d ms beside it again%n",
          COUNT,
          took.toSeconds(),
          ended.get("state").asString(),
          ended.get("done").asLong(),
          alone,
          before,
          amid,
          beside);
      assertThat(IntStream.range(0, COUNT).filter(n -> arrived.get(n) != 2).count()).isZero();
      assertThat(beside).isLessThan(alone * 3 / 2);
    } finally {
      clock.shutdownNow();
      receiver.disposeNow();
    }
  }

  private DisposableServer receiver() {
    return HttpServer.create()
        .bindAddress(() -> new InetSocketAddress("127.0.0.1", 0))
        .handle(this::receive)
        .bindNow();
  }

  private Mono<Void> receive(HttpServerRequest request, HttpServerResponse response) {
    boolean fresh = request.uri().equals("/fresh");
    return request
        .receive()
        .aggregate()
        .asString(US_ASCII)
        .doOnNext(body -> note(fresh, Long.parseLong(body)))
        .then(response.sendString(Mono.just("noted")).then());
  }

  private void note(boolean fresh, long number) {
    if (fresh) {
      latencies.add(System.currentTimeMillis() - number);
    } else {
      arrived.incrementAndGet((int) number);
      requests.incrementAndGet();
    }
  }

  private static JsonNode subscribe(Api api, DisposableServer receiver, String what) {
    String url = "http://127.0.0.1:%d/%s".formatted(receiver.port(), what);
    return api.createDestination(url, ",\"event_types\":[\"%s.*\"]".formatted(what));
  }

  /** No faster than they are delivered, or most would be put off. */
  private void publish(Platform platform) throws InterruptedException {
    for (int number = 0; number < COUNT; number++) {
      while (number - requests.get() > MOST_AHEAD) {
        Fleet.pass(Duration.ofMillis(1));
      }
      platform.send("bulk.thing", "bulk", Integer.toString(number));
    }
    platform.flush();
  }

  private static void fresh(Platform platform) {
    platform.send("fresh.thing", "fresh", Long.toString(System.currentTimeMillis()));
  }

  private long p99() {
    List<Long> sorted = latencies.stream().sorted().toList();
    latencies.clear();
    return sorted.get(sorted.size() * 99 / 100);
  }

  private static int recorded(Api api) {
    return api.get("/integrations/health").get("deliveries").get("delivered").asInt();
  }

  private static String replay(Api api, JsonNode destination, Instant since) {
    String path = "/integrations/destinations/" + destination.get("id").asString() + "/replay";
    Api.Answer answer = api.call("operator", "POST", path, "{\"since\":\"%s\"}".formatted(since));
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
    return "/integrations/replays/" + answer.body().get("id").asString();
  }

  private static JsonNode awaitEnd(Api api, String replay) {
    return await()
        .atMost(LONG)
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> api.get(replay),
            job -> !List.of("pending", "running").contains(job.get("state").asString()));
  }
}
