// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.Ordering;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Destinations whose token comes from an issuer, of which the worker sees the snapshots alone. */
class TokensIT {

  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static TestWorker worker;

  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final List<Came> came = new CopyOnWriteArrayList<>();
  private final MockWebServer receiver = new MockWebServer();
  private DestinationId destination;

  private record Came(String token, int status, String type) {}

  @BeforeAll
  static void start() {
    worker = TestWorker.start();
  }

  @AfterAll
  static void stop() {
    worker.close();
  }

  @BeforeEach
  void open() throws Exception {
    destination = TestWorker.newId();
    receiver.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }
        });
    receiver.start(InetAddress.getByName("127.0.0.1"), 0);
  }

  private MockResponse answer(RecordedRequest request) {
    String token = String.valueOf(request.getHeaders().get("Authorization"));
    int status = accepted.contains(token) ? 200 : 401;
    came.add(new Came(token, status, request.getHeaders().get("ce-type")));
    return new MockResponse.Builder().code(status).build();
  }

  @AfterEach
  void close() throws Exception {
    worker.unsubscribe(destination);
    receiver.close();
  }

  @Test
  void usesUpNoAttemptWhileNobodyHasAgreed() throws Exception {
    waitsForConsent();
  }

  /** Who has to be asked is given half a minute each time. */
  @Test
  @Tag("soak")
  void goesOnWhenSomebodyHasAgreed() throws Exception {
    waitsForConsent();

    grant("first", null, Ordering.NONE);

    assertThat(delivered(3)).extracting(Report::number).containsOnly(1);
  }

  private void waitsForConsent() throws Exception {
    accepted.add("Bearer first");
    grant(null, null, Ordering.NONE);
    publish(3);
    assertThat(reports(3))
        .extracting(Report::state)
        .containsOnly(DeliveryState.WAITING_AUTHORIZATION);
    assertThat(came).isEmpty();
  }

  @Test
  void twoHundredWaitOutTheMomentOfExpiry() throws Exception {
    accepted.add("Bearer old");
    grant("old", Instant.now().plusSeconds(3), Ordering.NONE);
    publish(100);
    await().atMost(LONG_ENOUGH).until(() -> came.size() == 100);
    await().pollDelay(Duration.ofSeconds(3)).atMost(LONG_ENOUGH).until(() -> true);
    accepted.clear();
    accepted.add("Bearer new");
    publish(200);
    reports(300);
    assertThat(came).hasSize(100);

    grant("new", Instant.now().plusSeconds(600), Ordering.NONE);

    assertThat(delivered(300)).extracting(Report::number).containsOnly(1);
    assertThat(came).extracting(Came::status).containsOnly(200);
  }

  @Test
  void aRefusedTokenIsNobodysAttempt() throws Exception {
    grant("old", Instant.now().plusSeconds(600), Ordering.NONE);
    publish(20);
    List<Report> put = reports(20);
    assertThat(put).extracting(Report::state).containsOnly(DeliveryState.WAITING_AUTHORIZATION);
    assertThat(put).extracting(Report::attempt).containsOnlyNulls();
    accepted.add("Bearer new");

    grant("new", Instant.now().plusSeconds(600), Ordering.NONE);

    assertThat(delivered(20)).extracting(Report::number).containsOnly(1);
    assertThat(came).filteredOn(one -> one.status() == 401).hasSizeLessThanOrEqualTo(20);
  }

  @Test
  void aNewTokenThatIsRefusedAsWellIsAnAttempt() throws Exception {
    grant("old", Instant.now().plusSeconds(600), Ordering.NONE);
    publish(1);
    await().atMost(LONG_ENOUGH).until(() -> came.size() == 1);

    grant("new", Instant.now().plusSeconds(600), Ordering.NONE);

    List<Report> failed = reports(report -> report.state() == DeliveryState.FAILED, 1);
    assertThat(failed.getFirst().number()).isEqualTo(3);
    assertThat(came)
        .extracting(Came::token)
        .containsExactly("Bearer old", "Bearer new", "Bearer new", "Bearer new");
  }

  @Test
  void keepsTheOrderOverARefusedToken() throws Exception {
    accepted.add("Bearer old");
    grant("old", Instant.now().plusSeconds(600), Ordering.FIFO);
    publish(5);
    await().atMost(LONG_ENOUGH).until(() -> came.size() == 5);
    accepted.clear();
    publish(5, 20);
    await().atMost(LONG_ENOUGH).until(() -> came.size() >= 6);
    accepted.add("Bearer new");

    grant("new", Instant.now().plusSeconds(600), Ordering.FIFO);

    delivered(20);
    assertThat(came)
        .filteredOn(one -> one.status() == 200)
        .extracting(Came::type)
        .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "t" + i).toList());
  }

  private void grant(String token, Instant expires, Ordering ordering) throws Exception {
    String url = "http://127.0.0.1:" + receiver.getPort() + "/hook";
    worker.grant(destination, url, token, expires, ordering);
  }

  private static void publish(int count) throws Exception {
    publish(0, count);
  }

  private static void publish(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      worker.publishInOrder(TestEvents.of("t" + i, "{}"));
    }
  }

  private List<Report> reports(int count) {
    return reports(_ -> true, count);
  }

  private List<Report> delivered(int count) {
    return reports(report -> report.state() == DeliveryState.DELIVERED, count);
  }

  private List<Report> reports(java.util.function.Predicate<Report> wanted, int count) {
    return worker.reports(
        report -> report.destination().equals(destination) && wanted.test(report), count);
  }
}
