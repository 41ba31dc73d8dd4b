// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * The whole way of an event, for real: real broker, real PostgreSQL, real sockets, real crashes.
 */
@ExtendWith(Fleet.Shared.class)
class EventJourneyIT {

  private static final String TENANT = "globex";

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String EVERY_SECOND =
      ",\"retry\":{\"strategy\":\"fixed\",\"interval_seconds\":1,\"max_attempts\":3}";

  private static final String TWICE_AS_LONG =
      ",\"retry\":{\"interval_seconds\":1,\"multiplier\":2,\"max_attempts\":5}";

  private static Fleet fleet;
  private static Api api;
  private static Platform platform;

  private final Ledger ledger = new Ledger();
  private final List<JsonNode> created = new ArrayList<>();

  @BeforeAll
  static void start(Fleet shared) {
    fleet = shared;
    api = new Api(fleet.stack(), TENANT);
    platform = new Platform(fleet.stack(), TENANT);
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @BeforeEach
  void everythingRuns() throws InterruptedException {
    fleet.stack().restore();
  }

  @AfterEach
  void forgetDestinations() {
    created.forEach(api::deleteDestination);
    ledger.close();
  }

  @Test
  void bringsEveryFormOfEventByteForByteAndVerifiably() throws Exception {
    subscribe("");
    platform.publish("k1", "{ \"n\": 1.50 }");
    platform.publishStructured(
        structured("k2", "{ \"n\":\t2.50 }", ",\"tenantid\":\"" + TENANT + "\""));
    api.publish("application/json", "{\"type\":\"a.b\",\"data\":{ \"n\": 3.50 }}");
    api.publish("application/cloudevents+json", structured("r2", "{ \"n\":4.50 }", ""));
    api.publish("application/cloudevents-batch+json", "[" + structured("r3", "[ 5.50 ]", "") + "]");
    api.publish(
        "application/json",
        "{ \"n\":6.50 }",
        "ce-specversion",
        "1.0",
        "ce-id",
        "r4",
        "ce-source",
        "/rest",
        "ce-type",
        "a.b");

    await().atMost(LONG).until(() -> ledger.size() >= 6);

    assertThat(ledger.lines())
        .extracting(Ledger.Line::text)
        .containsExactlyInAnyOrder(
            "{ \"n\": 1.50 }",
            "{ \"n\":\t2.50 }",
            "{ \"n\": 3.50 }",
            "{ \"n\":4.50 }",
            "[ 5.50 ]",
            "{ \"n\":6.50 }");
    assertThat(ledger.lines()).allMatch(Ledger.Line::valid);
  }

  @Test
  void p12ShowsARetryingDeliveryAndThenThatItWasDelivered() throws Exception {
    ledger.answer(number -> number < 2 ? 500 : 200);
    JsonNode destination = subscribe(EVERY_SECOND);
    platform.publish("retry", "{}");
    String query = "/integrations/deliveries?destination_id=" + destination.get("id").asString();

    JsonNode retrying = awaitDelivery(query, "retrying");
    assertThat(retrying.get("attempt_count").asInt()).isBetween(1, 2);
    assertThat(Instant.parse(retrying.get("next_attempt_at").asString()))
        .isAfter(Instant.now().minusSeconds(2));

    JsonNode delivered = awaitDelivery(query, "delivered");
    assertThat(delivered.get("attempt_count").asInt()).isEqualTo(3);
    assertThat(ledger.ids()).hasSize(3).containsOnly(delivered.get("id").asString());
    assertThat(ledger.lines()).allMatch(Ledger.Line::valid);
    assertThat(ledger.lines()).extracting(Ledger.Line::signature).doesNotHaveDuplicates();
    assertThat(
            api.get("/integrations/deliveries/" + delivered.get("id").asString()).get("attempts"))
        .hasSize(3);
  }

  @Test
  void reachesADestinationFromItsVeryFirstMomentFiftyTimes() throws Exception {
    reachFromTheFirstMoment(50);
  }

  @Test
  @Tag("soak")
  void reachesADestinationFromItsVeryFirstMomentTwoHundredTimes() throws Exception {
    reachFromTheFirstMoment(200);
  }

  private void reachFromTheFirstMoment(int times) throws Exception {
    for (int round = 1; round <= times; round++) {
      JsonNode destination = subscribe("");
      platform.publish("round-" + round, "{}");
      int expected = round;
      await()
          .atMost(LONG)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> ledger.size() >= expected);
      created.remove(destination);
      api.deleteDestination(destination);
    }
    assertThat(ledger.distinct()).isEqualTo(times);
  }

  @Test
  void k1AndP2LoseNothingWhenTheWorkerIsKilledAndRepeatNoMoreThanWasInFlight() throws Exception {
    ledger.answerEach((id, earlier) -> isUnlucky(id) && earlier < 2 ? 500 : 200);
    JsonNode destination = subscribe(TWICE_AS_LONG);
    for (int number = 0; number < 1_500; number++) {
      platform.send("crash-" + number, "{\"n\":" + number + "}");
      if (number == 750) {
        platform.flush();
        await().atMost(LONG).until(() -> ledger.size() > 500);
        for (String worker : Fleet.WORKERS) {
          fleet.stack().part(worker).kill();
        }
      }
    }
    platform.flush();
    fleet.stack().restore();

    await().atMost(Duration.ofMinutes(3)).until(() -> ledger.distinct() == 1_500);
    List<String> unlucky =
        ledger.ids().stream().filter(EventJourneyIT::isUnlucky).distinct().toList();
    int retried = 2 * unlucky.size();
    await().atMost(LONG).until(() -> ledger.size() >= 1_500 + retried);

    int repeated = ledger.size() - ledger.distinct() - retried;
    int mostInFlight = destination.get("limits").get("max_in_flight").asInt();
    System.out.println("killed once under 1,500 events: lost 0, repeated " + repeated);
    assertThat(repeated).isLessThanOrEqualTo(mostInFlight);
    assertBackedOff(unlucky);
  }

  private static boolean isUnlucky(String id) {
    return id.hashCode() % 100 == 0;
  }

  /** By what is recorded of the attempts; but for those that the kill has cost one. */
  private static void assertBackedOff(List<String> ids) {
    List<JsonNode> all = ids.stream().map(EventJourneyIT::awaitDelivered).toList();
    assertThat(all)
        .map(delivery -> delivery.get("attempts"))
        .filteredOn(attempts -> attempts.size() == 3)
        .isNotEmpty()
        .allSatisfy(
            attempts -> {
              assertThat(wait(attempts, 0)).isGreaterThanOrEqualTo(Duration.ofMillis(800));
              assertThat(wait(attempts, 1)).isGreaterThanOrEqualTo(Duration.ofMillis(1600));
            });
  }

  private static JsonNode awaitDelivered(String id) {
    return await()
        .atMost(LONG)
        .until(
            () -> api.get("/integrations/deliveries/" + id),
            delivery -> delivery.get("state").asString().equals("delivered"));
  }

  private static Duration wait(JsonNode attempts, int number) {
    return Duration.between(
        Instant.parse(attempts.get(number).get("started_at").asString()),
        Instant.parse(attempts.get(number + 1).get("started_at").asString()));
  }

  @Test
  void b4DisablesADestinationThatIsGoneWithinFiveSecondsAndAsksNothingMoreOfIt() throws Exception {
    ledger.answer(_ -> 410);
    String id = subscribe(EVERY_SECOND).get("id").asString();
    String path = "/integrations/destinations/" + id;
    platform.publish("gone", "{}");
    await().atMost(LONG).until(() -> ledger.size() == 1);

    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> api.get(path).get("status").asString().equals("gone"));

    assertThat(api.get(path).get("enabled").asBoolean()).isFalse();
    platform.publish("after", "{}");
    await().during(Duration.ofSeconds(2)).until(() -> ledger.size() == 1);
  }

  @Test
  void k21GoesOnDeliveringWithoutPostgresAndRecordsEverythingLater() throws Exception {
    JsonNode destination = subscribe("");
    String query =
        "/integrations/deliveries?limit=250&destination_id=" + destination.get("id").asString();
    fleet.stack().part("postgres").kill();
    for (int number = 0; number < 200; number++) {
      platform.send("without-postgres-" + number, "{}");
    }

    await().atMost(LONG).until(() -> ledger.distinct() == 200);
    Api.Answer refused = api.call("tenant_admin", "GET", query, "");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.raw().headers().firstValue("retry-after")).isPresent();

    fleet.stack().restore();
    await().atMost(LONG).until(() -> api.get(query).get("items").size() == 200);
    assertThat(api.get(query).get("items"))
        .allMatch(delivery -> delivery.get("state").asString().equals("delivered"));
  }

  /** What was refused may come all the same, and late: of a type that no other test is told of. */
  @Test
  void k14NeverPromisesAnEventThatKafkaDidNotTakeAndRecoversByItself() throws Exception {
    subscribe("k14", "");
    fleet.stack().part("kafka").kill();
    Instant asked = Instant.now();

    Api.Answer refused = api.publish("application/json", "{\"type\":\"k14\",\"data\":{}}");

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.raw().headers().firstValue("retry-after")).isPresent();
    assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(3));

    fleet.stack().restore();
    await()
        .atMost(LONG)
        .until(
            () -> api.publish("application/json", "{\"type\":\"k14\",\"data\":7}").status() == 202);
    await().atMost(LONG).until(() -> ledger.lines().stream().anyMatch(l -> l.text().equals("7")));
  }

  @Test
  void k25SendsAnEventOnceThatIsPostedTwiceAtOnce() {
    subscribe("");
    String event = structured("twice", "{}", ",\"time\":\"" + Instant.now() + "\"");

    List<Integer> answers =
        IntStream.range(0, 2)
            .parallel()
            .mapToObj(_ -> api.publish("application/cloudevents+json", event).status())
            .toList();

    assertThat(answers).containsExactly(202, 202);
    await().atMost(LONG).until(() -> ledger.size() >= 1);
    await().during(Duration.ofSeconds(2)).until(() -> ledger.size() == 1);
  }

  @Test
  void b15OffersEverySeriesThatDashboardsAndAlertsAskFor() throws Exception {
    subscribe("");
    platform.publish("measured", "{}");
    await().atMost(LONG).until(() -> ledger.size() == 1);
    String scrape = fleet.scrape().text() + Scrape.of(apiManagement()).text();

    assertThat(Expressions.wanted())
        .hasSizeGreaterThan(20)
        .allMatch(series -> Expressions.offered(series, scrape));
  }

  @Test
  void b15FollowsAnEventFromTheTraceparentItCameWithToTheOneItIsSentWith() {
    ledger.answer(number -> number == 0 ? 500 : 200);
    subscribe(EVERY_SECOND);
    String trace = "0af7651916cd43dd8448eb211c80319c";
    String caller = "b7ad6b7169203331";
    String given = "00-%s-%s-01".formatted(trace, caller);
    String event = "{\"type\":\"a.b\",\"data\":{\"pan\":\"4111\"}}";

    api.publish("application/json", event, "traceparent", given);

    String way =
        """
        publish in config-api
          route in delivery-worker
            attempt in delivery-worker, http_5xx
            park in delivery-worker
            record in config-api
            attempt in delivery-worker
            record in config-api
        """;
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(fleet.collector().below(caller, trace).lines())
                    .containsExactlyInAnyOrderElementsOf(way.lines().toList()));
    assertThat(ledger.lines())
        .extracting(Ledger.Line::trace)
        .isEqualTo(
            fleet.collector().named("attempt", trace).stream()
                .map(attempt -> "00-%s-%s-01".formatted(trace, attempt.id()))
                .toList());
    assertThat(fleet.collector().told(trace)).doesNotContain("4111").doesNotContain("whsec_");
  }

  @Test
  void b15RecordsNothingOfAnEventWhoseTraceNobodyRecords() throws Exception {
    subscribe("");
    String given = "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203331-00";

    api.publish("application/json", "{\"type\":\"a.b\",\"data\":1}", "traceparent", given);
    platform.publish("untraced", "{}");

    await().atMost(LONG).until(() -> ledger.size() == 2);
    assertThat(ledger.lines()).allMatch(line -> line.trace().matches("00-.*-0[02]"));
    assertThat(fleet.collector().below("b7ad6b7169203331", "0af7651916cd43dd8448eb211c80319d"))
        .isEmpty();
  }

  @Test
  void changesWhatIsLoggedWhileItRunsAndLogsNoData() throws Exception {
    subscribe("");
    logAt("\"DEBUG\"");
    platform.publish("logged", "{\"pan\":\"4111\"}");
    await().atMost(LONG).until(() -> ledger.size() == 1);

    await().atMost(LONG).until(() -> logged().contains(ledger.ids().getFirst()));
    assertThat(logged()).doesNotContain("4111");
    logAt("null");
  }

  private static String logged() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String worker : Fleet.WORKERS) {
      all.append(Files.readString(fleet.log(worker)));
    }
    return all.toString();
  }

  private static void logAt(String level) throws Exception {
    List<String> parts = new ArrayList<>(Fleet.WORKERS.stream().map(fleet::management).toList());
    parts.add(apiManagement());
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (String part : parts) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(part + "/actuator/loggers/dev.postrider"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"configuredLevel\":" + level + "}"))
                .build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
            .isEqualTo(204);
      }
    }
  }

  /** Of a receiver that fails and repeats what it was sent, with everything logged and traced. */
  @Test
  void z15TellsNoSecretToThoseWhoWatch() throws Exception {
    String canary = "canary-8d1f6b2e90a7";
    Set<String> secrets = new HashSet<>(Set.of(canary, base64("u:" + canary)));
    ledger.repeatWhatCame();
    ledger.answerEach((_, earlier) -> earlier == 0 ? 500 : 200);
    logAt("\"DEBUG\"");
    for (String auth :
        List.of(
            "\"type\":\"basic\",\"username\":\"u\",\"password\":\"%s\"",
            "\"type\":\"bearer\",\"token\":\"%s\"",
            "\"type\":\"api_key\",\"header\":\"X-Key\",\"value\":\"%s\"")) {
      String settings = EVERY_SECOND + ",\"auth\":{" + auth.formatted(canary) + "}";
      secrets.add(subscribe("canary", settings).at("/signing/secret").asString());
    }
    String trace = "0af7651916cd43dd8448eb211c80319e";

    api.publish(
        "application/json",
        "{\"type\":\"canary\",\"data\":7}",
        "traceparent",
        "00-%s-b7ad6b7169203331-01".formatted(trace));

    await().atMost(LONG).until(() -> fleet.collector().named("record", trace).size() == 6);
    logAt("null");
    String watched =
        fleet.collector().told(trace)
            + fleet.scrape().text()
            + Scrape.of(apiManagement()).text()
            + api.get("/activity?limit=250");
    for (String id : Set.copyOf(ledger.ids())) {
      watched += api.get("/integrations/deliveries/" + id);
    }
    assertThat(watched).contains("http_5xx", "X-Key").doesNotContain(secrets);
    for (String secret : secrets) {
      assertThat(filesWith(secret)).isEmpty();
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  @Test
  void b15AnswersAllThatTheDashboardOfOneDestinationAsks() throws Exception {
    ledger.answer(number -> number == 0 ? 410 : 200);
    JsonNode destination = subscribe(EVERY_SECOND);
    String id = destination.get("id").asString();
    platform.publish("gone", "{}");
    awaitDelivery("/integrations/deliveries?destination_id=" + id, "failed");

    for (Expressions.Question question : Expressions.questions()) {
      String path = question.path().replace("${destination}", id).replace("${window}", "3600");
      JsonNode answer = api.get(path);
      JsonNode shown = question.root().isEmpty() ? answer : answer.get(question.root()).get(0);

      assertThat(question.members())
          .as("%s: %s", path, shown)
          .allMatch(member -> !shown.at(member).isMissingNode());
    }
  }

  /**
   * What a sample shows of one number is between what those before and after it show of its equal.
   */
  @Test
  void b15KeepsItsEquationsAtEverySampleUnderLoad() throws Exception {
    int events = 600;
    ledger.answerEach((id, earlier) -> earlier == 0 && id.hashCode() % 3 == 0 ? 500 : 200);
    subscribe(EVERY_SECOND);
    await().atMost(LONG).until(() -> nothingIsUnderWay(fleet.scrape()));
    Scrape first = fleet.scrape();
    List<Scrape> samples = new ArrayList<>(List.of(first));
    for (int event = 0; event < events; event++) {
      platform.send("counted", "{}");
      if (event % 20 == 0) {
        samples.add(fleet.scrape());
        requireBalance(api.get("/integrations/health").get("deliveries"));
      }
    }
    await()
        .atMost(LONG)
        .until(
            () -> {
              samples.add(fleet.scrape());
              return ended(samples.getLast()) - ended(first) == events
                  && nothingIsUnderWay(samples.getLast());
            });

    for (int at = 1; at < samples.size(); at++) {
      Scrape before = samples.get(at - 1);
      Scrape after = samples.get(at);
      assertThat(before.sum(ATTEMPTS)).isLessThanOrEqualTo(after.sum(DURATIONS));
      assertThat(before.sum(DURATIONS)).isLessThanOrEqualTo(after.sum(ATTEMPTS));
      assertThat(ended(before)).isLessThanOrEqualTo(ended(after));
      assertThat(after.sum(IN_FLIGHT)).isNotNegative();
    }
    Scrape last = samples.getLast();
    assertThat(last.sum(EVENTS, "result=\"routed\"") - first.sum(EVENTS, "result=\"routed\""))
        .isEqualTo(events);
    assertThat(last.sum(ATTEMPTS) - first.sum(ATTEMPTS)).isEqualTo(ledger.size());
  }

  private static final String ATTEMPTS = "postrider_attempts_total";
  private static final String DURATIONS = "postrider_attempt_duration_seconds_count";
  private static final String EVENTS = "postrider_events_total";
  private static final String IN_FLIGHT = "postrider_in_flight";

  /** Of other tests neither. */
  private static boolean nothingIsUnderWay(Scrape scrape) {
    return scrape.sum(IN_FLIGHT) == 0 && scrape.sum("postrider_parked_records") == 0;
  }

  private static double ended(Scrape scrape) {
    return scrape.sum("postrider_deliveries_total");
  }

  private static void requireBalance(JsonNode deliveries) {
    long parts =
        deliveries
            .propertyStream()
            .filter(number -> !number.getKey().equals("accepted"))
            .mapToLong(number -> number.getValue().asLong())
            .sum();
    assertThat(deliveries.get("accepted").asLong()).isEqualTo(parts);
  }

  private static String apiManagement() {
    return fleet.stack().environment().get("POSTRIDER_API_MANAGEMENT");
  }

  @Test
  void showsAKeyOnceAndKeepsItSealedEverywhere() throws Exception {
    JsonNode destination = subscribe("");
    String key = destination.get("signing").get("secret").asString();
    platform.publish("sealed", "{}");
    await().atMost(LONG).until(() -> ledger.size() == 1);

    String id = destination.get("id").asString();
    assertThat(api.get("/integrations/destinations/" + id).toString()).doesNotContain(key);
    assertThat(api.get("/integrations/destinations").toString()).doesNotContain(key);
    assertThat(filesWith(key)).isEmpty();
  }

  /** Logs of every part, the files of PostgreSQL and those of Kafka, but for indexes of offsets. */
  private static List<Path> filesWith(String text) throws IOException {
    try (Stream<Path> files = Files.walk(fleet.directory())) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith("index"))
          .filter(file -> contains(file, text))
          .toList();
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file, ISO_8859_1).contains(text);
    } catch (IOException vanished) {
      return false;
    }
  }

  private JsonNode subscribe(String settings) {
    return subscribe("a.b", settings);
  }

  private JsonNode subscribe(String type, String settings) {
    String only = ",\"event_types\":[\"" + type + "\"]";
    JsonNode destination = api.createDestination(ledger.url(), only + settings);
    ledger.verifyWith(destination.get("signing").get("secret").asString());
    created.add(destination);
    return destination;
  }

  private static JsonNode awaitDelivery(String query, String state) {
    return await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> api.get(query).get("items"), items -> isInState(items, state))
        .get(0);
  }

  private static boolean isInState(JsonNode items, String state) {
    return items.size() == 1 && items.get(0).get("state").asString().equals(state);
  }

  private static String structured(String id, String data, String more) {
    return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/p\",\"type\":\"a.b\"%s,\"data\": %s }"
        .formatted(id, more, data);
  }
}
