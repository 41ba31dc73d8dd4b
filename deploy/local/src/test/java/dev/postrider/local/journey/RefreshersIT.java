// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postrider.local.LocalStack;
import dev.postrider.local.journey.SlowIssuer.Silence;
import dev.postrider.local.process.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * O3 of the feature list: three config-apis, each a process, renew what a real authorization server
 * has granted, which takes two seconds and each refresh token once.
 */
@Tag("soak") // two more config-apis and some minutes: the gate has all of it in one JVM
@ExtendWith(Fleet.Shared.class)
class RefreshersIT {

  private static final Duration LONG = Duration.ofSeconds(120);

  /** It is asked after three quarters of that at the earliest, and answers later than its end. */
  private static final Duration SHORT_LIFE = Duration.ofSeconds(7);

  private static final Duration LATENCY = Duration.ofSeconds(2);
  private static final Duration AN_HOUR = Duration.ofHours(1);

  /** So much of an hour that a token of an hour is due, but not over. */
  private static final Duration DUE = Duration.ofMinutes(52);

  private static final int ROTATIONS = 120;

  @TempDir private static Path directory;

  private static Fleet fleet;
  private static List<LocalStack> beside;

  private final Queue<String> taken = new ConcurrentLinkedQueue<>();
  private SlowIssuer issuer;
  private HttpServer receiver;
  private Records records;
  private JsonNode destination;

  @BeforeAll
  static void start(Fleet shared) throws Exception {
    fleet = shared;
    fleet.stack().restore();
    beside =
        List.of(
            fleet.anotherApi(directory.resolve("second")),
            fleet.anotherApi(directory.resolve("third")));
  }

  @AfterAll
  static void stop() {
    beside.forEach(LocalStack::close);
  }

  @BeforeEach
  void open() throws Exception {
    issuer = new SlowIssuer(fleet.stack().environment().get("POSTRIDER_ISSUER"));
    issuer.takes(LATENCY);
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", this::take);
    receiver.start();
    records = new Records(fleet.stack());
    destination =
        fleet
            .api()
            .createDestination(
                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook",
                """
                , "auth": {"type": "oauth2", "grant_type": "authorization_code",
                  "client_id": "deliveries", "client_secret": "deliveries-secret",
                  "scope": "profile", "token_url": "%s", "authorize_url": "%s/oauth2/authorize"}
                """
                    .formatted(issuer.url(), fleet.stack().environment().get("POSTRIDER_ISSUER")));
  }

  @AfterEach
  void close() throws Exception {
    fleet.api().deleteDestination(destination);
    receiver.stop(0);
    issuer.close();
    for (LocalStack stack : beside) {
      stack.restore();
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    boolean good = issuer.vouchesFor(token.replaceFirst("^Bearer ", ""));
    if (good) {
      taken.add(exchange.getRequestHeaders().getFirst("webhook-id"));
    }
    exchange.sendResponseHeaders(good ? 200 : 401, -1);
    exchange.close();
  }

  @Test
  void o3RenewsOnceWhileTwoHundredFallToTheMomentOfExpiry() throws Exception {
    issuer.grantsFor(SHORT_LIFE);
    authorize();
    issuer.grantsFor(AN_HOUR);
    Fleet.pass(SHORT_LIFE.dividedBy(2));
    for (int batch = 0; batch < 40; batch++) {
      publish(5);
      Fleet.pass(Duration.ofMillis(100));
    }

    requireDelivered(200);
    assertThat(issuer.renewals()).containsExactly(true);
    assertThat(status()).isEqualTo("authorized");
  }

  /** Not the clocks move but the grant: each round it is most of an hour older. */
  @Test
  void o3RenewsAGrantOverAndOverForDays() throws Exception {
    issuer.takes(Duration.ZERO);
    authorize();
    for (int rotation = 1; rotation <= ROTATIONS; rotation++) {
      String before = version();
      age();
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> !version().equals(before));
      if (rotation % 10 == 0) {
        publish(1);
        requireDelivered(rotation / 10);
      }
    }

    assertThat(issuer.renewals()).hasSize(ROTATIONS).containsOnly(true);
    assertThat(status()).isEqualTo("authorized");
    System.out.printf("renewed %d times in %s%n", ROTATIONS, DUE.multipliedBy(ROTATIONS));
  }

  @Test
  void o3RenewsInPlaceOfOneWhoDiedBeforeTheIssuerHeardOfIt() throws Exception {
    authorize();
    String before = version();
    killWhileRenewing(Silence.BEFORE_THE_ISSUER_HEARS);
    publish(20);

    await().atMost(LONG).until(() -> !version().equals(before));

    assertThat(issuer.renewals()).containsExactly(false, true);
    assertThat(status()).isEqualTo("authorized");
    requireDelivered(20);
  }

  @Test
  void o3AsksForConsentWhereOneDiedWithTheAnswerAndNeverAgainUntilThen() throws Exception {
    issuer.grantsFor(SHORT_LIFE);
    authorize();
    killWhileRenewing(Silence.AFTER_THE_ISSUER_HAS_ROTATED);
    publish(20);

    await().atMost(LONG).until(() -> status().equals("expired"));

    assertThat(auth().get("status_reason").asString()).contains("invalid_grant");
    await().atMost(LONG).until(() -> deliveries("waiting_authorization") == 20);
    await()
        .during(Duration.ofSeconds(30))
        .atMost(LONG)
        .until(() -> issuer.renewals().equals(List.of(true, false, false)));
    assertThat(taken).isEmpty();

    issuer.grantsFor(AN_HOUR);
    authorize();

    requireDelivered(20);
  }

  /** The two others compete for it from when it has been asked for. */
  private void killWhileRenewing(Silence when) throws Exception {
    List<Running> others = List.of(api(fleet.stack()), api(beside.getFirst()));
    others.forEach(Fleet::freeze);
    issuer.saysNothing(when);
    age();
    issuer.awaitSilence();
    others.forEach(Fleet::thaw);
    Fleet.pass(Duration.ofSeconds(3));
    assertThat(issuer.renewals()).hasSize(1);
    api(beside.getLast()).kill();
  }

  private static Running api(LocalStack stack) {
    return stack.part("config-api");
  }

  private void authorize() throws Exception {
    String url =
        fleet
            .api()
            .call("tenant_admin", "POST", path() + "/oauth/authorize", "")
            .body()
            .get("authorization_url")
            .asString();
    assertThat(Person.agrees(url)).contains("data-status=\"authorized\"");
  }

  private void age() {
    issuer.age(DUE);
    records.run(
        """
        update oauth_grants set granted_at = granted_at - interval '%1$d minutes',
            expires_at = expires_at - interval '%1$d minutes',
            refresh_at = refresh_at - interval '%1$d minutes'
        where destination_id = '%2$s'
        """
            .formatted(DUE.toMinutes(), uuid()));
  }

  private String version() {
    return records.text(
        "select version from oauth_grants where destination_id = '%s'".formatted(uuid()));
  }

  private String id() {
    return destination.get("id").asString();
  }

  private String uuid() {
    return id().substring("dst_".length());
  }

  private String path() {
    return "/integrations/destinations/" + id();
  }

  private JsonNode auth() {
    return fleet.api().get(path()).get("auth");
  }

  private String status() {
    return auth().get("status").asString();
  }

  private static void publish(int count) {
    for (int number = 0; number < count; number++) {
      fleet.platform().send("token-" + number, "{}");
    }
    fleet.platform().flush();
  }

  private int deliveries(String state) {
    return records.deliveries(Set.of(id()), state);
  }

  /** All of them, each taken once and at its first attempt. */
  private void requireDelivered(int count) {
    await().atMost(LONG).until(() -> deliveries("delivered") == count);
    assertThat(taken).hasSize(count).doesNotHaveDuplicates();
    assertThat(records.attempts(Set.of(id()), "delivered"))
        .hasSize(count)
        .allMatch(attempt -> attempt.number() == 1);
  }
}
