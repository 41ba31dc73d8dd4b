// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What the workers need, or do not need, goes away under load and comes back. */
@ExtendWith(Fleet.Shared.class)
class OutagesIT {

  private static final int DESTINATIONS = 24;
  private static final Duration A_FEW_SECONDS = Duration.ofSeconds(3);
  private static final String AFTER_TEN_SECONDS =
      ",\"retry\":{\"strategy\":\"fixed\",\"interval_seconds\":10,\"max_attempts\":30}";
  private static final String AFTER_TEN_MINUTES =
      ",\"retry\":{\"strategy\":\"fixed\",\"interval_seconds\":600,\"max_attempts\":2}";

  /**
   * One is accepted and one rejected: the report, and the retry, are written when that is possible.
   */
  @Test
  void k3AndK17KeepTheOutcomesOfRequestsThatAreAnsweredWhileTheBrokerIsAway(Fleet fleet)
      throws Exception {
    try (Load load = fleet.load(1, "")) {
      load.ledger().answer(number -> number == 1 ? 500 : 200);
      load.ledger().pause(Duration.ofSeconds(2));
      load.publish();
      load.publish();
      await().atMost(Duration.ofSeconds(30)).until(() -> load.ledger().size() == 2);
      fleet.stack().part("kafka").kill();
      Fleet.pass(Duration.ofSeconds(3));
      fleet.stack().restore();

      Load.Account account = load.settled();

      account.print("answered 200 and 500 without a broker");
      assertThat(account.repeated()).isZero();
      assertThat(account.attempts()).isEqualTo(3);
    }
  }

  @Tag("soak")
  @ParameterizedTest
  @CsvSource({"1, PT8S", "5, PT90S"})
  void k13LosesNothingWhenTheBrokerIsKilledAndThenFrozen(int kills, Duration frozen, Fleet fleet)
      throws Exception {
    try (Load load = fleet.load(DESTINATIONS, "")) {
      load.keepPublishing(3);
      for (int kill = 1; kill <= kills; kill++) {
        load.awaitDeliveries(kill * 5 * DESTINATIONS);
        fleet.stack().part("kafka").kill();
        fleet.stack().restore();
      }
      fleet.freeze("kafka");
      Fleet.pass(frozen);
      fleet.thaw("kafka");

      Load.Account account = load.settled();

      account.print("broker killed %d times, then frozen for %s".formatted(kills, frozen));
      assertThat(account.repeated()).isLessThanOrEqualTo((kills + 1) * DESTINATIONS * Load.WINDOW);
    }
  }

  @Test
  @Tag("soak")
  void k22DeliversWithoutConfigApiAndAfterAColdStartOfEveryWorker(Fleet fleet) throws Exception {
    try (Load load = fleet.load(6, "")) {
      fleet.stack().part("config-api").kill();
      for (String worker : Fleet.WORKERS) {
        fleet.stack().part(worker).kill();
      }
      fleet.restoreWithout("config-api");
      for (int number = 0; number < 20; number++) {
        load.publish();
      }
      load.awaitDeliveries(20 * 6);
      assertThat(fleet.runs("config-api")).isFalse();
      fleet.stack().restore();

      Load.Account account = load.settled();

      account.print("cold start without config-api");
      assertThat(account.repeated()).isZero();
    }
  }

  /**
   * Kafka is away when it is disabled, so the change waits in the outbox; then config-api dies, and
   * Kafka comes back. Until config-api does and has published what waits, no worker can know.
   * Earlier tests' events may be read once more, hence a type of its own.
   */
  @Test
  void k22HonoursADisabledDestinationWithinSecondsOnceConfigApiIsBack(Fleet fleet)
      throws Exception {
    fleet.stack().restore();
    try (Ledger ledger = new Ledger()) {
      ledger.answerEach((_, _) -> 500);
      String settings = AFTER_TEN_SECONDS + ",\"event_types\":[\"in.outage\"]";
      JsonNode destination = fleet.api().createDestination(ledger.url(), settings);
      fleet.stack().part("kafka").kill();
      assertThat(fleet.api().disable(destination)).isEqualTo(503);
      fleet.stack().part("config-api").kill();
      fleet.restoreWithout("config-api");
      fleet.platform().send("in.outage", "k22", "{\"n\":1}").get();
      await().atMost(Duration.ofMinutes(1)).until(() -> ledger.size() >= 1);

      fleet.stack().restore();

      Records records = new Records(fleet.stack());
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> records.text("select count(*) from outbox").equals("0"));
      Instant honoured = Instant.now().plus(A_FEW_SECONDS);
      Fleet.pass(A_FEW_SECONDS);
      fleet.platform().send("in.outage", "k22", "{\"n\":2}").get();
      Set<String> id = Set.of(destination.get("id").asString());
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> records.deliveries(id, "cancelled"), cancelled -> cancelled == 1);
      assertThat(ledger.lines())
          .allSatisfy(line -> assertThat(line.at()).isBefore(honoured))
          .allSatisfy(line -> assertThat(line.text()).isEqualTo("{\"n\":1}"));
    }
  }

  /** Ten minutes are twice what a consumer may stay away from polling. */
  @Tag("soak")
  @Test
  void k10StaysAMemberWhileItsPartitionsWaitForTenMinutes(Fleet fleet) throws Exception {
    fleet.stack().restore();
    try (Ledger ledger = new Ledger()) {
      ledger.answerEach((_, earlier) -> earlier == 0 ? 500 : 200);
      fleet.api().createDestination(ledger.url(), AFTER_TEN_MINUTES);
      fleet.platform().publish("k10", "{}");
      await().atMost(Duration.ofSeconds(30)).until(() -> ledger.size() == 1);
      long assignments = fleet.assignments();

      await().atMost(Duration.ofMinutes(11)).until(() -> ledger.size() == 2);

      assertThat(Duration.between(ledger.lines().get(0).at(), ledger.lines().get(1).at()))
          .isBetween(Duration.ofMinutes(10), Duration.ofMinutes(10).plusSeconds(2));
      assertThat(fleet.assignments()).isEqualTo(assignments);
    }
  }

  @Tag("soak")
  @Test
  void k21RecordsEverythingAfterPostgresWasAwayForFiveMinutes(Fleet fleet) throws Exception {
    try (Load load = fleet.load(DESTINATIONS, "")) {
      load.keepPublishing(5);
      fleet.stack().part("postgres").kill();
      Fleet.pass(Duration.ofMinutes(5));
      int meanwhile = load.ledger().distinct();
      fleet.stack().restore();

      Load.Account account = load.settled();

      account.print("PostgreSQL away for 5 min, " + meanwhile + " deliveries meanwhile");
      assertThat(meanwhile).isGreaterThan(4 * 60 * 5 * DESTINATIONS);
      assertThat(account.repeated()).isZero();
    }
  }
}
