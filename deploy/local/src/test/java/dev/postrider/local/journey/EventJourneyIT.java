// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.local.Home;
import dev.postrider.local.LocalStack;
import dev.postrider.local.process.Part.Signal;
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
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The whole way of an event, for real: real broker, real PostgreSQL, real sockets, real crashes.
 */
class EventJourneyIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String EVERY_SECOND =
      ",\"retry\":{\"strategy\":\"fixed\",\"interval_seconds\":1,\"max_attempts\":3}";

  @TempDir private static Path directory;

  private static LocalStack stack;
  private static Collector collector;
  private static Api api;
  private static Platform platform;

  private final Ledger ledger = new Ledger();
  private final List<JsonNode> created = new ArrayList<>();

  @BeforeAll
  static void start() throws InterruptedException {
    collector = new Collector();
    stack = LocalStack.start(TestSettings.withJavaOptions(TestSettings.in(directory), traced()));
    api = new Api(stack);
    platform = new Platform(stack);
  }

  private static String traced() {
    String export = " -Dmanagement.opentelemetry.tracing.export.";
    return "-Dmanagement.tracing.sampling.probability=0"
        + export
        + "schedule-delay=100ms"
        + export
        + "otlp.endpoint="
        + collector.url();
  }

  @AfterAll
  static void stop() {
    platform.close();
    stack.close();
    collector.close();
  }

  @BeforeEach
  void noEventsOfOthers() throws InterruptedException {
    stack.restore();
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
    platform.publishStructured(structured("k2", "{ \"n\":\t2.50 }", ",\"tenantid\":\"acme\""));
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
  void showsARetryingDeliveryAndThenThatItWasDelivered() throws Exception {
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
  void reachesADestinationFromItsVeryFirstMomentTwoHundredTimes() throws Exception {
    for (int round = 1; round <= 200; round++) {
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
    assertThat(ledger.distinct()).isEqualTo(200);
  }

  @Test
  void k1LosesNothingWhenTheWorkerIsKilledAndRepeatsNoMoreThanWasInFlight() throws Exception {
    JsonNode destination = subscribe("");
    for (int number = 0; number < 5_000; number++) {
      platform.send("crash-" + number, "{\"n\":" + number + "}");
      if (number == 2_500) {
        platform.flush();
        await().atMost(LONG).until(() -> ledger.size() > 500);
        stack.part("worker-1").kill();
      }
    }
    platform.flush();
    stack.restore();

    await().atMost(Duration.ofMinutes(3)).until(() -> ledger.distinct() == 5_000);

    int repeated = ledger.size() - ledger.distinct();
    int mostInFlight = destination.get("limits").get("max_in_flight").asInt();
    System.out.println("killed once under 5,000 events: lost 0, repeated " + repeated);
    assertThat(repeated).isLessThanOrEqualTo(mostInFlight);
  }

  @Test
  void b19KeepsTheOrderOfAFifoDestinationThroughFailuresAndAKill() throws Exception {
    subscribe(",\"ordering\":\"fifo\"" + EVERY_SECOND.replace("3}", "10}"));
    ledger.answerEach((id, earlier) -> earlier == 0 && id.hashCode() % 20 == 0 ? 500 : 200);
    for (int number = 0; number < 300; number++) {
      platform.sendInOrder("one key", "fifo-" + number, Integer.toString(number));
    }
    platform.flush();
    await().atMost(LONG).until(() -> ledger.size() > 50);
    stack.part("worker-1").kill();
    stack.restore();

    await().atMost(Duration.ofMinutes(2)).until(() -> ledger.distinct() == 300);

    List<Integer> numbers =
        ledger.lines().stream().map(Ledger.Line::text).map(Integer::valueOf).toList();
    assertThat(numbers).isSorted();
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
  void k18LosesAndRepeatsNothingWhenTheWorkerIsAskedToStop() throws Exception {
    subscribe("");
    for (int number = 0; number < 2_000; number++) {
      platform.send("restart-" + number, "{}");
    }
    platform.flush();
    await().atMost(LONG).until(() -> ledger.size() > 200);

    stack.part("worker-1").end(Signal.TERM, Duration.ofSeconds(30));
    stack.restore();

    await().atMost(Duration.ofMinutes(2)).until(() -> ledger.distinct() == 2_000);
    assertThat(ledger.size()).isEqualTo(2_000);
  }

  @Test
  void k21GoesOnDeliveringWithoutPostgresAndRecordsEverythingLater() throws Exception {
    JsonNode destination = subscribe("");
    String query =
        "/integrations/deliveries?limit=250&destination_id=" + destination.get("id").asString();
    stack.part("postgres").kill();
    for (int number = 0; number < 200; number++) {
      platform.send("without-postgres-" + number, "{}");
    }

    await().atMost(LONG).until(() -> ledger.distinct() == 200);
    Api.Answer refused = api.call("tenant_admin", "GET", query, "");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.raw().headers().firstValue("retry-after")).isPresent();

    stack.restore();
    await().atMost(LONG).until(() -> api.get(query).get("items").size() == 200);
    assertThat(api.get(query).get("items"))
        .allMatch(delivery -> delivery.get("state").asString().equals("delivered"));
  }

  @Test
  void k14NeverPromisesAnEventThatKafkaDidNotTakeAndRecoversByItself() throws Exception {
    subscribe("");
    stack.part("kafka").kill();
    Instant asked = Instant.now();

    Api.Answer refused = api.publish("application/json", "{\"type\":\"a.b\",\"data\":{}}");

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.raw().headers().firstValue("retry-after")).isPresent();
    assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(3));

    stack.restore();
    await()
        .atMost(LONG)
        .until(
            () -> api.publish("application/json", "{\"type\":\"a.b\",\"data\":7}").status() == 202);
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
    String scrape =
        scrape("POSTRIDER_WORKER_MANAGEMENT").text()
            + "\n"
            + scrape("POSTRIDER_API_MANAGEMENT").text();

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

    await().atMost(LONG).until(() -> collector.named("record", trace).size() == 2);
    assertThat(collector.below(caller, trace))
        .isEqualTo(
            """
            publish in config-api
              route in delivery-worker
                attempt in delivery-worker, http_5xx
                park in delivery-worker
                record in config-api
                attempt in delivery-worker
                record in config-api
            """);
    assertThat(ledger.lines())
        .extracting(Ledger.Line::trace)
        .isEqualTo(
            collector.named("attempt", trace).stream()
                .map(attempt -> "00-%s-%s-01".formatted(trace, attempt.id()))
                .toList());
    assertThat(collector.told(trace)).doesNotContain("4111").doesNotContain("whsec_");
  }

  @Test
  void b15RecordsNothingOfAnEventWhoseTraceNobodyRecords() throws Exception {
    subscribe("");
    String given = "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203331-00";

    api.publish("application/json", "{\"type\":\"a.b\",\"data\":1}", "traceparent", given);
    platform.publish("untraced", "{}");

    await().atMost(LONG).until(() -> ledger.size() == 2);
    assertThat(ledger.lines()).allMatch(line -> line.trace().matches("00-.*-0[02]"));
    assertThat(collector.below("b7ad6b7169203331", "0af7651916cd43dd8448eb211c80319d")).isEmpty();
  }

  @Test
  void changesWhatIsLoggedWhileItRunsAndLogsNoData() throws Exception {
    subscribe("");
    for (String part : List.of("POSTRIDER_WORKER_MANAGEMENT", "POSTRIDER_API_MANAGEMENT")) {
      assertThat(logAt(part, "\"DEBUG\"")).isEqualTo(204);
    }
    platform.publish("logged", "{\"pan\":\"4111\"}");
    await().atMost(LONG).until(() -> ledger.size() == 1);
    Path log = Home.of(Path.of("../..")).at(directory).logs().resolve("worker-1.log");

    await().atMost(LONG).until(() -> Files.readString(log).contains(ledger.ids().getFirst()));
    assertThat(Files.readString(log)).doesNotContain("4111");
    for (String part : List.of("POSTRIDER_WORKER_MANAGEMENT", "POSTRIDER_API_MANAGEMENT")) {
      assertThat(logAt(part, "null")).isEqualTo(204);
    }
  }

  private static int logAt(String part, String level) throws Exception {
    URI uri = URI.create(stack.environment().get(part) + "/actuator/loggers/dev.postrider");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"configuredLevel\":" + level + "}"))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
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
    Scrape first = scrape("POSTRIDER_WORKER_MANAGEMENT");
    List<Scrape> samples = new ArrayList<>(List.of(first));
    for (int event = 0; event < events; event++) {
      platform.send("counted", "{}");
      if (event % 20 == 0) {
        samples.add(scrape("POSTRIDER_WORKER_MANAGEMENT"));
        requireBalance(api.get("/integrations/health").get("deliveries"));
      }
    }
    await()
        .atMost(LONG)
        .until(
            () -> {
              samples.add(scrape("POSTRIDER_WORKER_MANAGEMENT"));
              return ended(samples.getLast()) - ended(first) == events
                  && samples.getLast().sum(IN_FLIGHT) == 0
                  && samples.getLast().sum("postrider_parked_records") == 0;
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

  private static Scrape scrape(String part) throws IOException {
    return Scrape.of(stack.environment().get(part));
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
    byte[] wanted = text.getBytes(UTF_8);
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith("index"))
          .filter(file -> contains(file, wanted))
          .toList();
    }
  }

  private static boolean contains(Path file, byte[] wanted) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return IntStream.rangeClosed(0, bytes.length - wanted.length)
          .anyMatch(
              at ->
                  bytes[at] == wanted[0]
                      && java.util.Arrays.equals(
                          bytes, at, at + wanted.length, wanted, 0, wanted.length));
    } catch (IOException vanished) {
      return false;
    }
  }

  private JsonNode subscribe(String settings) {
    JsonNode destination = api.createDestination(ledger.url(), settings);
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
