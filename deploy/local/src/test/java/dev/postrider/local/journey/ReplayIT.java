// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.local.LocalStack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Sending many deliveries again, on the whole stack. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(Fleet.Shared.class)
class ReplayIT {

  private static final String TENANT = "globex";
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final String ONE_ATTEMPT = ",\"retry\":{\"max_attempts\":1}";

  private static final Instant STARTED = Instant.now();

  private static LocalStack stack;
  private static Api api;
  private static Platform platform;

  private final Ledger ledger = new Ledger();
  private final List<JsonNode> created = new ArrayList<>();
  private final Instant begun = Instant.now();

  @BeforeAll
  static void start(Fleet fleet) throws InterruptedException {
    stack = fleet.stack();
    stack.restore();
    api = new Api(stack, TENANT);
    platform = new Platform(stack, TENANT);
    publish("old.thing", 100);
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @BeforeEach
  void everythingRuns() throws InterruptedException {
    stack.restore();
  }

  @AfterEach
  void forgetDestinations() {
    created.forEach(api::deleteDestination);
    ledger.close();
    await().atMost(LONG).untilAsserted(() -> assertThat(counted()).isEqualTo(listed()));
  }

  private static Map<String, Long> counted() {
    JsonNode numbers = get("/integrations/health").get("deliveries");
    return Stream.of("delivered", "retrying", "failed", "cancelled")
        .filter(state -> numbers.get(state).asLong() > 0)
        .collect(Collectors.toMap(state -> state, state -> numbers.get(state).asLong()));
  }

  /** Nothing waits for long when all is well. */
  private static Map<String, Long> listed() {
    String lines =
        api.call("auditor", "GET", "/integrations/deliveries?format=ndjson", "").raw().body();
    return lines
        .lines()
        .map(line -> line.replaceFirst(".*\"state\":\"(\\w+)\".*", "$1"))
        .collect(Collectors.groupingBy(state -> state, Collectors.counting()));
  }

  @Test
  void b7ReplaysOnlyWhatHasFailedOfTheTypesAskedFor() throws Exception {
    ledger.answerEach((id, earlier) -> earlier == 0 && id.hashCode() % 3 == 0 ? 500 : 200);
    JsonNode destination = subscribe(ONE_ATTEMPT);
    publish("a.b", 60);
    publish("a.c", 60);
    awaitRecorded(destination, 120);
    Map<String, String> types = typesOf(destination, "failed");
    long wanted = types.values().stream().filter("a.c"::equals).count();
    assertThat(wanted).isPositive().isLessThan(types.size());

    JsonNode replay =
        awaitEnd(replay(destination, ",\"states\":[\"failed\"],\"event_types\":[\"a.c\"]"));

    assertThat(replay.get("state").asString()).isEqualTo("completed");
    assertThat(replay.get("done").asLong()).isEqualTo(wanted);
    assertThat(replay.get("total").asLong()).isEqualTo(wanted);
    await().atMost(LONG).until(() -> ledger.size() == 120 + wanted);
    await()
        .atMost(LONG)
        .until(() -> typesOf(destination, "failed").size() == types.size() - wanted);
    assertThat(typesOf(destination, "failed")).doesNotContainValue("a.c");
  }

  /** Last, since events of the last 40 s may be on their way, and are waited for. */
  @Test
  @Order(Integer.MAX_VALUE - 1)
  void b7BackfillsADestinationThatIsNewerThanTheEvents() throws Exception {
    JsonNode destination = subscribe("");

    JsonNode replay = awaitEnd(replay(destination, ",\"event_types\":[\"old.thing\"]", STARTED));

    assertThat(replay.get("done").asLong()).isEqualTo(100);
    await().atMost(LONG).until(() -> ledger.distinct() == 100);
    await().during(Duration.ofSeconds(1)).atMost(LONG).until(() -> ledger.size() == 100);
    awaitRecorded(destination, 100);
  }

  @Test
  void b7ReplaysEachOnceThroughAKillOfConfigApi() throws Exception {
    JsonNode destination = subscribe("");
    publish("a.b", 1_000);
    await().atMost(LONG).until(() -> ledger.distinct() == 1_000);
    awaitDelivered(destination, 1_000);
    String replay = replay(destination, "");
    await().atMost(LONG).until(() -> ledger.size() > 1_200);

    stack.part("config-api").kill();
    stack.restore();

    JsonNode ended = awaitEnd(replay);
    assertThat(ended.get("state").asString()).isEqualTo("completed");
    assertThat(ended.get("done").asLong()).isBetween(1_000L - 300, 1_000L);
    await().atMost(LONG).until(() -> ledger.size() >= 2_000);
    await().during(Duration.ofSeconds(3)).atMost(LONG).until(() -> ledger.size() == 2_000);
    Map<String, Long> times =
        ledger.ids().stream().collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    assertThat(times).hasSize(1_000).values().containsOnly(2L);
  }

  @Test
  void b7StopsAReplayThatIsCancelled() throws Exception {
    JsonNode destination = subscribe("");
    publish("a.b", 1_500);
    await().atMost(LONG).until(() -> ledger.distinct() == 1_500);
    awaitDelivered(destination, 1_500);
    ledger.pause(Duration.ofMillis(300));
    String replay = replay(destination, "");
    await().atMost(LONG).until(() -> get(replay).get("done").asLong() > 0);

    Api.Answer cancelled = api.call("operator", "POST", replay + "/cancel", "");

    assertThat(cancelled.status()).isEqualTo(200);
    await()
        .during(Duration.ofSeconds(2))
        .atMost(LONG)
        .until(() -> ledger.size() == 1_500 + get(replay).get("done").asLong());
    assertThat(ledger.size()).isLessThan(3_000);
    assertThat(get(replay).get("state").asString()).isEqualTo("cancelled");
    assertThat(api.call("operator", "POST", replay + "/cancel", "").status()).isEqualTo(409);
  }

  /** The very last: nothing is left of any event then. */
  @Test
  @Order(Integer.MAX_VALUE)
  void b7SaysWhatIsPastRetention() throws Exception {
    JsonNode destination = subscribe("");
    publish("a.b", 10);
    awaitRecorded(destination, 10);
    String delivery =
        "/integrations/deliveries/" + deliveries(destination, "").get(0).get("id").asString();
    forgetEvents();

    Api.Answer retried = api.call("operator", "POST", delivery + "/retry", "");
    JsonNode replay = awaitEnd(replay(destination, ""));

    assertThat(retried.status()).isEqualTo(410);
    assertThat(replay.get("skipped").asLong()).isEqualTo(10);
    assertThat(replay.get("done").asLong()).isZero();
    assertThat(ledger.size()).isEqualTo(10);
  }

  @Test
  void b23LetsAReceiverFetchWhatItMissed() throws Exception {
    ledger.answerEach((_, _) -> 500);
    JsonNode destination = subscribe(ONE_ATTEMPT);
    publish("a.b", 3);
    await().atMost(LONG).until(() -> typesOf(destination, "failed").size() == 3);
    String events = path(destination) + "/events";

    JsonNode first = get(events + "?limit=2");
    JsonNode second = get(events + "?after=" + first.get("next_cursor").asString());
    String end = events + "?after=" + second.get("next_cursor").asString() + "&wait_seconds=";
    assertThat(get(end + 1).get("items")).isEmpty();
    CompletableFuture<JsonNode> waiting = CompletableFuture.supplyAsync(() -> get(end + 20));
    platform.send("a.b", "later", "{\"n\":4}");

    assertThat(first.get("items")).hasSize(2);
    assertThat(second.get("items")).hasSize(1);
    JsonNode fourth = waiting.get().get("items");
    assertThat(fourth).hasSize(1);
    assertThat(fourth.get(0).get("state").asString()).isEqualTo("failed");
    assertThat(fourth.get(0).get("event").get("data").get("n").asInt()).isEqualTo(4);
    assertThat(ledger.ids()).contains(fourth.get(0).get("delivery_id").asString());
  }

  @Test
  void namesAllThatIsWrongWithAReplay() {
    JsonNode destination = subscribe("");

    Api.Answer refused =
        api.call(
            "operator",
            "POST",
            path(destination) + "/replay",
            "{\"until\":\"soon\",\"states\":[\"lost\"],\"event_types\":[\"a*\"],\"pace\":1}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().get("errors"))
        .extracting(error -> error.get("field").asString())
        .containsExactlyInAnyOrder("since", "until", "states", "event_types", "pace");
  }

  private JsonNode subscribe(String settings) {
    JsonNode destination = api.createDestination(ledger.url(), settings);
    created.add(destination);
    return destination;
  }

  private static void publish(String type, int count) {
    for (int number = 0; number < count; number++) {
      platform.send(type, "replay-" + number, "{}");
    }
    platform.flush();
  }

  private static String path(JsonNode destination) {
    return "/integrations/destinations/" + destination.get("id").asString();
  }

  /** Since this test began; answers where the job is. */
  private String replay(JsonNode destination, String more) {
    return replay(destination, more, begun);
  }

  private static String replay(JsonNode destination, String more, Instant since) {
    Api.Answer answer =
        api.call(
            "operator",
            "POST",
            path(destination) + "/replay",
            "{\"since\":\"%s\"%s}".formatted(since, more));
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
    String location = answer.raw().headers().firstValue("location").orElseThrow();
    return location.substring("/api/v1".length());
  }

  private static JsonNode get(String path) {
    return api.get(path);
  }

  private static JsonNode awaitEnd(String replay) {
    return await()
        .atMost(LONG)
        .until(
            () -> get(replay),
            job -> !List.of("pending", "running").contains(job.get("state").asString()));
  }

  private static JsonNode deliveries(JsonNode destination, String more) {
    return get("/integrations/deliveries?limit=250&destination_id="
            + destination.get("id").asString()
            + more)
        .get("items");
  }

  private static void awaitRecorded(JsonNode destination, int count) {
    await().atMost(LONG).until(() -> deliveries(destination, "").size() == count);
  }

  private static void awaitDelivered(JsonNode destination, int count) {
    Records records = new Records(stack);
    Set<String> id = Set.of(destination.get("id").asString());
    await().atMost(LONG).until(() -> records.deliveries(id, "delivered") == count);
  }

  private static Map<String, String> typesOf(JsonNode destination, String state) {
    return deliveries(destination, "&state=" + state)
        .valueStream()
        .collect(
            Collectors.toMap(
                one -> one.get("id").asString(), one -> one.get("event_type").asString()));
  }

  /** As the topic's retention would. */
  private static void forgetEvents() throws Exception {
    String kafka = stack.environment().get("POSTRIDER_KAFKA");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      var topic = admin.describeTopics(List.of("postrider.events")).allTopicNames().get();
      Map<TopicPartition, OffsetSpec> latest =
          topic.get("postrider.events").partitions().stream()
              .collect(
                  Collectors.toMap(
                      info -> new TopicPartition("postrider.events", info.partition()),
                      _ -> OffsetSpec.latest()));
      Map<TopicPartition, RecordsToDelete> all =
          admin.listOffsets(latest).all().get().entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey,
                      end -> RecordsToDelete.beforeOffset(end.getValue().offset())));
      admin.deleteRecords(all).all().get();
    }
  }
}
