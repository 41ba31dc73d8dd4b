// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.destination.DestinationId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole receiver table at once against one worker with 256 MiB. Short in every build; {@code
 * ./mvnw verify -Psoak} runs it for five minutes, {@code -Dsoak.seconds=…} for as long as wanted.
 */
@EnabledOnOs(OS.LINUX)
class NastyReceiversSoakIT {

  private static final Logger LOG = LoggerFactory.getLogger(NastyReceiversSoakIT.class);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration LENGTH =
      Duration.ofSeconds(Long.getLong("postrider.soak.seconds", 15));
  private static final Duration RECOVERY = Duration.ofMinutes(2);
  private static final Duration BETWEEN_EVENTS = Duration.ofMillis(100);
  private static final Duration A_SECOND = Duration.ofSeconds(1);
  private static final long MEBIBYTE = 1024 * 1024;
  private static final long MORE_HEAP = 24 * MEBIBYTE;
  private static final int MORE_FILES = 40;

  private final HttpClient http = HttpClient.newHttpClient();
  private int port;
  private int published;

  @Test
  void leavesNoSlotNoFileAndNoMemoryBehind() throws Exception {
    port = freePort();
    try (NastyReceivers nasty = new NastyReceivers();
        TestReceiver healthy = TestReceiver.answering(200);
        TestWorker worker =
            TestWorker.inItsOwnJvm(port, List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"))) {
      await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> inFlight() == 0);
      worker.alsoSubscribe(healthy.url(), TestWorker.FAST_RETRY, A_SECOND);
      for (String url : nasty.healable()) {
        worker.alsoSubscribe(url, TestWorker.FAST_RETRY, A_SECOND);
      }
      List<DestinationId> hopeless = new ArrayList<>();
      for (String url : nasty.hopeless()) {
        hopeless.add(worker.alsoSubscribe(url, TestWorker.FAST_RETRY, A_SECOND));
      }
      publish(worker, WARM_UP);
      State before = state(worker, "warm");
      publish(worker, LENGTH);
      State under = state(worker, "under load");

      nasty.heal();
      for (DestinationId id : hopeless) {
        worker.unsubscribe(id);
      }
      await().atMost(RECOVERY).pollInterval(A_SECOND).until(() -> everybodyServed(worker, nasty));
      await().atMost(RECOVERY).until(this::inFlight, open -> open == 0);
      // At least once: on a busy machine even a healthy receiver may take more than its second.
      await().atMost(RECOVERY).until(healthy::count, count -> count >= published);
      // What was put off comes back at once, on connections that are kept for a few seconds.
      long most = before.files() + MORE_FILES;
      await().atMost(RECOVERY).until(() -> worker.jvm().openFiles() < most);
      State after = state(worker, "healed");

      assertThat(Math.max(under.heap(), after.heap())).isLessThan(before.heap() + MORE_HEAP);
      // How many connections are open at a moment is chance; a leak would still be there now.
      assertThat(under.files()).isLessThan(2 * before.files());
    }
  }

  /** Heap in bytes after a full collection, open files, requests in flight. */
  private record State(long heap, long files, double inFlight) {

    @Override
    public String toString() {
      return "%d MiB live, %d files, %.0f in flight".formatted(heap / MEBIBYTE, files, inFlight);
    }
  }

  private State state(TestWorker worker, String when) {
    assertThat(worker.jvm().isAlive()).isTrue();
    State state = new State(worker.jvm().liveHeap(), worker.jvm().openFiles(), inFlight());
    LOG.info("{}, after {} events: {}", when, published, state);
    return state;
  }

  private void publish(TestWorker worker, Duration length) {
    long until = System.nanoTime() + length.toNanos();
    await()
        .pollInterval(BETWEEN_EVENTS)
        .pollDelay(Duration.ZERO)
        .atMost(length.plusSeconds(30))
        .until(() -> publishOne(worker, until));
  }

  /** Each lane takes something new, whatever it has put off for later. */
  private boolean everybodyServed(TestWorker worker, NastyReceivers nasty) throws Exception {
    worker.publish(TestEvents.of("healed", "{}"));
    published++;
    return nasty.unreached().isEmpty();
  }

  private boolean publishOne(TestWorker worker, long until) {
    worker.publishSoon(TestEvents.of("soak", "\"" + "x".repeat(1000) + "\""));
    published++;
    return System.nanoTime() > until;
  }

  private double inFlight() {
    URI metrics = URI.create("http://127.0.0.1:" + port + "/actuator/prometheus");
    try {
      return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofLines())
          .body()
          .filter(line -> line.startsWith("postrider_in_flight "))
          .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
