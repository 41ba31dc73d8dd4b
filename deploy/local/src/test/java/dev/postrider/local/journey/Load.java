// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import tools.jackson.databind.JsonNode;

/**
 * Events on their way to many destinations, and the account of what became of them. A third of the
 * deliveries are rejected once before they are accepted, so that retries are in play.
 */
final class Load implements AutoCloseable {

  /** Requests in flight to one destination, at most: what a crash may repeat of it. */
  static final int WINDOW = 4;

  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String EVERY_SECOND =
      ",\"retry\":{\"strategy\":\"fixed\",\"interval_seconds\":1,\"max_attempts\":30}";

  private final Fleet fleet;
  private final Records records;
  private final Ledger ledger = new Ledger();
  private final String type = "load." + UUID.randomUUID().toString().substring(0, 8);
  private final Map<String, JsonNode> destinations = new LinkedHashMap<>();
  private final List<Future<RecordMetadata>> published = new ArrayList<>();
  private final AtomicInteger number = new AtomicInteger();
  private final ScheduledExecutorService publisher =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final boolean inOrder;

  Load(Fleet fleet, int count, String moreSettings) {
    this.fleet = fleet;
    this.records = new Records(fleet.stack());
    this.inOrder = moreSettings.contains("fifo");
    String settings =
        ",\"event_types\":[\"%s\"],\"limits\":{\"max_in_flight\":%d}%s%s"
            .formatted(type, WINDOW, EVERY_SECOND, moreSettings);
    for (int made = 0; made < count; made++) {
      JsonNode destination = fleet.api().createDestination(ledger.url() + made, settings);
      destinations.put(destination.get("id").asString(), destination);
    }
    rejectSome();
  }

  /** As in the beginning: a third of the deliveries, once; fewer where others wait for each. */
  void rejectSome() {
    int oneOf = inOrder ? 20 : 3;
    ledger.answerEach((id, earlier) -> earlier == 0 && id.hashCode() % oneOf == 0 ? 500 : 200);
  }

  Ledger ledger() {
    return ledger;
  }

  /** One event, to every destination; returns its number. */
  synchronized int publish() {
    int next = number.incrementAndGet();
    published.add(
        inOrder
            ? fleet.platform().sendInOrder(type, type, type + next, data(next))
            : fleet.platform().send(type, type + next, data(next)));
    return next;
  }

  private static String data(int number) {
    return "{\"n\":" + number + "}";
  }

  /** How many destinations have got the event of that number. */
  int arrivals(int number) {
    return Math.toIntExact(linesOf(number).map(Ledger.Line::id).distinct().count());
  }

  /** When the last of them got it for the first time. */
  Instant lastArrival(int number) {
    Map<String, Instant> first = new LinkedHashMap<>();
    linesOf(number).forEach(line -> first.putIfAbsent(line.id(), line.at()));
    return Collections.max(first.values());
  }

  private Stream<Ledger.Line> linesOf(int number) {
    String data = data(number);
    return ledger.lines().stream().filter(line -> line.text().equals(data));
  }

  /** Goes on publishing until {@link #settled}. */
  void keepPublishing(int perSecond) {
    publisher.scheduleAtFixedRate(this::publish, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
  }

  void awaitDeliveries(int count) {
    await().atMost(LONG).until(() -> ledger.distinct() >= count);
  }

  /**
   * What became of everything.
   *
   * @param requests that the receivers got
   * @param attempts in PostgreSQL
   * @param repeated requests that no attempt tells of: their outcome died with a worker
   */
  record Account(int deliveries, int requests, int attempts, int repeated) {

    void print(String what) {
      System.out.printf(
          "%s: %d deliveries, %d requests = %d attempts recorded + %d repeated, lost 0%n",
          what, deliveries, requests, attempts, repeated);
    }
  }

  /**
   * Stops publishing, waits until everything has arrived and is recorded, and balances the books:
   *
   * <pre>
   *   deliveries = events × destinations, each accepted once: nothing is lost, and nothing invented
   *   requests   = attempts in PostgreSQL + requests whose outcome died with a worker
   *   each of the latter was made again, under the same webhook-id
   *   attempts of a delivery are numbered 1, 2, … without gaps; the last was accepted, no other
   * </pre>
   */
  Account settled() throws InterruptedException, ExecutionException {
    publisher.shutdown();
    // Its last event may wait for Kafka to come back.
    assertThat(publisher.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    for (Future<RecordMetadata> event : published) {
      event.get();
    }
    int deliveries = published.size() * destinations.size();
    Set<String> ids = destinations.keySet();
    await()
        .alias(deliveries + " deliveries arrive and are recorded")
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> records.deliveries(ids, "delivered") >= deliveries);
    List<Ledger.Line> lines = ledger.lines();
    List<Records.Attempt> attempts = records.attempts(ids, "delivered");
    assertThat(ledger.distinct()).as("deliveries").isEqualTo(deliveries);
    requireNumbered(attempts);
    List<Integer> died = withoutAttempt(lines, attempts);
    assertThat(died).as("requests = attempts + died").hasSize(lines.size() - attempts.size());
    died.forEach(at -> requireRepeated(lines, at));
    return new Account(deliveries, lines.size(), attempts.size(), died.size());
  }

  /** Every destination accepted the events in the order in which they were published. */
  void requireOrder() {
    Map<String, Ledger.Line> accepted = new LinkedHashMap<>();
    for (Ledger.Line line : ledger.lines()) {
      accepted.remove(line.id());
      accepted.put(line.id(), line); // it is the last request that was accepted
    }
    Map<String, List<Integer>> byDestination =
        accepted.values().stream()
            .collect(groupingBy(Ledger.Line::path, mapping(Load::number, toList())));
    assertThat(byDestination).hasSameSizeAs(destinations);
    assertThat(byDestination).allSatisfy((_, numbers) -> assertThat(numbers).isSorted());
  }

  private static int number(Ledger.Line line) {
    return Integer.parseInt(line.text().replaceAll("\\D", ""));
  }

  /** The places in the ledger of requests that are in no attempt. */
  private static List<Integer> withoutAttempt(
      List<Ledger.Line> lines, List<Records.Attempt> attempts) {
    List<Ledger.Request> recorded =
        new ArrayList<>(attempts.stream().map(Records.Attempt::request).toList());
    Map<Ledger.Request, Integer> left = new LinkedHashMap<>();
    recorded.forEach(request -> left.merge(request, 1, Integer::sum));
    List<Integer> died = new ArrayList<>();
    for (int at = 0; at < lines.size(); at++) {
      if (left.merge(lines.get(at).request(), -1, Integer::sum) < 0) {
        died.add(at);
      }
    }
    assertThat(left.values()).as("attempts that no receiver saw").noneMatch(count -> count > 0);
    return died;
  }

  private static void requireRepeated(List<Ledger.Line> lines, int at) {
    String id = lines.get(at).id();
    long made = lines.stream().filter(line -> line.id().equals(id)).count();
    assertThat(made).as("%s was made again", id).isGreaterThan(1);
  }

  private static void requireNumbered(List<Records.Attempt> attempts) {
    Records.Attempt last = null;
    for (Records.Attempt attempt : attempts) {
      boolean next = last != null && last.request().id().equals(attempt.request().id());
      assertThat(attempt.number()).as("%s", attempt).isEqualTo(next ? last.number() + 1 : 1);
      assertThat(next && last.outcome().equals("accepted")).as("after %s", last).isFalse();
      last = attempt;
    }
  }

  @Override
  public void close() {
    publisher.shutdownNow();
    destinations.values().forEach(fleet.api()::deleteDestination);
    ledger.close();
  }
}
