// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What people order about deliveries, carried out by real workers. */
@ExtendWith(Fleet.Shared.class)
class OrdersIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String DELIVERIES = "/integrations/deliveries";

  private static Fleet fleet;
  private static Api api;
  private static Platform platform;

  private final Ledger ledger = new Ledger();
  private final List<JsonNode> created = new ArrayList<>();

  @BeforeAll
  static void everythingRuns(Fleet shared) throws InterruptedException {
    fleet = shared;
    fleet.stack().restore();
    api = fleet.api();
    platform = fleet.platform();
  }

  @AfterEach
  void forgetDestinations() {
    created.forEach(api::deleteDestination);
    ledger.close();
  }

  @Test
  void b7RetriesWhatWaitsAtOnceAndNotAgainWhenItWouldHaveBeenDue() throws Exception {
    ledger.answer(number -> number == 0 ? 500 : 200);
    String deliveries = subscribe(every(8));
    platform.publish("retry", "{}");
    JsonNode waiting = awaitOne(deliveries, "retrying");
    Instant ordered = Instant.now();

    assertThat(order(waiting, "retry").status()).isEqualTo(200);

    JsonNode delivered = awaitOne(deliveries, "delivered");
    assertThat(ledger.lines().getLast().at()).isBefore(ordered.plusSeconds(2));
    assertThat(delivered.get("attempt_count").asInt()).isEqualTo(2);
    assertThat(ledger.ids()).hasSize(2).containsOnly(waiting.get("id").asString());
    await().during(until(ordered.plusSeconds(10))).atMost(LONG).until(() -> ledger.size() == 2);
    assertThat(attempts(delivered)).hasSize(2);
  }

  @Test
  void b7KeepsTheRestOfTheScheduleWhenARetryFails() throws Exception {
    ledger.answer(number -> number < 2 ? 500 : 200);
    String deliveries = subscribe(every(5));
    platform.publish("again", "{}");
    JsonNode waiting = awaitOne(deliveries, "retrying");

    order(waiting, "retry");

    JsonNode delivered = awaitOne(deliveries, "delivered");
    assertThat(delivered.get("attempt_count").asInt()).isEqualTo(3);
    assertThat(ledger.size()).isEqualTo(3);
    Instant second = ledger.lines().get(1).at();
    assertThat(ledger.lines().get(2).at()).isAfterOrEqualTo(second.plusSeconds(5));
  }

  @Test
  void b7CancelsWhatWaitsAndRetriesItAllTheSameWhenAskedTo() throws Exception {
    ledger.answer(number -> number == 0 ? 500 : 200);
    String deliveries = subscribe(every(6));
    platform.publish("cancel", "{}");
    JsonNode waiting = awaitOne(deliveries, "retrying");

    JsonNode cancelled = order(waiting, "cancel").body();

    assertThat(cancelled.get("state").asString()).isEqualTo("cancelled");
    assertThat(cancelled.get("next_attempt_at").isNull()).isTrue();
    await().during(Duration.ofSeconds(8)).atMost(LONG).until(() -> ledger.size() == 1);
    assertThat(awaitOne(deliveries, "cancelled").get("attempt_count").asInt()).isEqualTo(1);
    assertThat(order(waiting, "cancel").status()).isEqualTo(409);

    order(waiting, "retry");
    awaitOne(deliveries, "delivered");
    assertThat(ledger.size()).isEqualTo(2);
  }

  @Test
  void b7SendsAgainWhatWasDeliveredOrHasFailedForGood() throws Exception {
    ledger.answer(number -> number == 0 ? 500 : 200);
    String deliveries = subscribe(",\"retry\":{\"max_attempts\":1}");
    platform.publish("failed", "{}");
    JsonNode failed = awaitOne(deliveries, "failed");

    order(failed, "retry");
    awaitOne(deliveries, "delivered");
    order(failed, "retry");

    await().atMost(LONG).until(() -> ledger.size() == 3);
    assertThat(ledger.ids()).containsOnly(failed.get("id").asString());
    await().atMost(LONG).until(() -> attempts(failed).size() == 3);
    assertThat(awaitOne(deliveries, "delivered").get("attempt_count").asInt()).isEqualTo(3);
  }

  @Test
  void b7RemembersAnOrderThroughAKillOfTheWorkers() throws Exception {
    ledger.answer(number -> number == 0 ? 500 : 200);
    String deliveries = subscribe(every(10));
    platform.publish("killed", "{}");
    JsonNode waiting = awaitOne(deliveries, "retrying");
    order(waiting, "cancel");

    for (String worker : Fleet.WORKERS) {
      fleet.stack().part(worker).kill();
    }
    fleet.stack().restore();

    Instant due = Instant.parse(waiting.get("next_attempt_at").asString());
    await().during(until(due).plusSeconds(4)).atMost(LONG).until(() -> ledger.size() == 1);
    awaitOne(deliveries, "cancelled");
    fleet.awaitEventsSettled(); // or the next test's destination gets what is read again
  }

  @Test
  void b19KeepsTheOrderWhenTheHeadIsRetriedAndAnotherIsCancelled() throws Exception {
    ledger.answerEach((_, _) -> ledger.size() == 1 ? 500 : 200);
    String deliveries = subscribe(",\"ordering\":\"fifo\"" + every(30));
    for (int number = 0; number < 5; number++) {
      platform.sendInOrder("one key", "fifo-" + number, Integer.toString(number));
    }
    platform.flush();
    await().atMost(LONG).until(() -> api.get(deliveries).get("items").size() == 5);
    JsonNode third = item(deliveries, "fifo-2");
    JsonNode head = item(deliveries, "fifo-0");

    assertThat(order(third, "cancel").status()).isEqualTo(200);
    await()
        .during(Duration.ofSeconds(1))
        .until(() -> item(deliveries, "fifo-2").get("state").asString().equals("cancelled"));
    assertThat(order(head, "retry").status()).isEqualTo(200);

    await().atMost(LONG).until(() -> ledger.size() == 5);
    await().during(Duration.ofSeconds(3)).atMost(LONG).until(() -> ledger.size() == 5);
    assertThat(ledger.lines())
        .extracting(Ledger.Line::text)
        .containsExactly("0", "0", "1", "3", "4");
  }

  @Test
  void refusesToRetryForADestinationThatIsOff() throws Exception {
    ledger.answer(_ -> 500);
    String deliveries = subscribe(every(20));
    platform.publish("off", "{}");
    JsonNode waiting = awaitOne(deliveries, "retrying");
    api.disable(created.getLast());

    Api.Answer refused = order(waiting, "retry");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body().get("detail").asString()).contains("enable it first");
  }

  private static Duration until(Instant time) {
    Instant now = Instant.now();
    return now.isBefore(time) ? Duration.between(now, time) : Duration.ZERO;
  }

  private static String every(int seconds) {
    return ",\"retry\":{\"strategy\":\"fixed\",\"interval_seconds\":%d,\"max_attempts\":5}"
        .formatted(seconds);
  }

  /** Answers the list of its deliveries. */
  private String subscribe(String settings) {
    JsonNode destination = api.createDestination(ledger.url(), settings);
    created.add(destination);
    return DELIVERIES + "?destination_id=" + destination.get("id").asString();
  }

  private static Api.Answer order(JsonNode delivery, String what) {
    String path = DELIVERIES + "/" + delivery.get("id").asString() + "/" + what;
    return api.call("operator", "POST", path, "");
  }

  private static JsonNode attempts(JsonNode delivery) {
    return api.get(DELIVERIES + "/" + delivery.get("id").asString()).get("attempts");
  }

  private static JsonNode item(String deliveries, String event) {
    return api.get(deliveries)
        .get("items")
        .valueStream()
        .filter(one -> one.get("ce_id").asString().startsWith(event))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode awaitOne(String deliveries, String state) {
    return await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> api.get(deliveries).get("items"), items -> isInState(items, state))
        .get(0);
  }

  private static boolean isInState(JsonNode items, String state) {
    return items.size() == 1 && items.get(0).get("state").asString().equals(state);
  }
}
