// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postrider.local.process.Part.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Alerts as people meet them: a Prometheus that scrapes three workers and a config-api under load,
 * silent for as long as all is well, and then every symptom that shows within minutes, made for
 * real. What takes longer is in {@code rules-test*.yml}.
 */
@Tag("soak")
class AlertsSoakIT {

  private static final Duration HEALTHY =
      Duration.ofMinutes(Integer.getInteger("alerts.quiet", 10));
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration OFTEN = Duration.ofSeconds(5);

  @Test
  void b15IsSilentWhileAllIsWellAndFiresOnEachSymptom(@TempDir Path directory) throws Exception {
    assumeTrue(Prometheus.isThere("prometheus"), "prometheus is not installed");
    try (Fleet fleet = Fleet.in(directory.resolve("fleet"));
        Prometheus prometheus = new Prometheus(fleet.stack(), directory.resolve("prometheus"));
        Ledger broken = new Ledger();
        Load load = fleet.load(4, "")) {
      await().atMost(LONG).until(prometheus::ready);
      load.ledger().answerEach((_, _) -> 200);
      load.keepPublishing(100);

      staysSilent(prometheus);
      tellsOfScrapes(prometheus);
      firesWithPostgresAwayAndReceiversDown(fleet, prometheus, broken);
      firesWithKafkaAway(fleet, prometheus);
      firesWithOurOwnPartsAway(fleet, prometheus);

      await().atMost(LONG).pollInterval(OFTEN).until(() -> lasting(prometheus).isEmpty());
    }
  }

  private static void staysSilent(Prometheus prometheus) throws IOException {
    Instant end = Instant.now().plus(HEALTHY);
    while (Instant.now().isBefore(end)) {
      Fleet.pass(OFTEN);
      assertThat(prometheus.firing()).isEmpty();
    }
    System.out.printf("silent for %s under load%n", HEALTHY);
  }

  private static void tellsOfScrapes(Prometheus prometheus) throws IOException {
    for (String job : List.of("postrider-worker", "postrider-api")) {
      String all = "quantile_over_time(%%s, scrape_duration_seconds{job=\"%s\"}[%dm])";
      String quantile = all.formatted(job, HEALTHY.toMinutes());
      System.out.printf(
          "%s: half of the scrapes take %.1f ms, nine of ten %.1f ms, and bring %.0f series%n",
          job,
          1000 * prometheus.largest(quantile.formatted("0.5")).orElseThrow(),
          1000 * prometheus.largest(quantile.formatted("0.9")).orElseThrow(),
          prometheus.largest("scrape_samples_scraped{job=\"%s\"}".formatted(job)).orElseThrow());
    }
  }

  private static void firesWithPostgresAwayAndReceiversDown(
      Fleet fleet, Prometheus prometheus, Ledger broken) throws Exception {
    broken.answer(_ -> 500);
    for (int receiver = 0; receiver < 10; receiver++) {
      fleet
          .api()
          .createDestination(
              broken.url() + "/" + receiver,
              ",\"event_types\":[\"to.broken\"],\"retry\":{\"strategy\":\"fixed\","
                  + "\"interval_seconds\":5,\"max_attempts\":100}");
    }
    for (int event = 0; event < 50; event++) {
      fleet.platform().send("to.broken", "b" + event, "{}").get();
    }
    fleet.platform().publishRaw("postrider.events", "no event");
    fleet.platform().publishRaw("postrider.outcomes", "no report");
    fires(
        prometheus,
        "PostriderUndecodable",
        "PostriderOutcomesLeftOut",
        "PostriderManyReceiversBroken");
    fleet.stack().part("postgres").end(Signal.INT, Duration.ofSeconds(30));
    fires(prometheus, "PostriderRecorderBehind");
    fleet.stack().restore();
  }

  private static void firesWithKafkaAway(Fleet fleet, Prometheus prometheus) throws Exception {
    JsonNode destination = fleet.api().createDestination("https://receiver.example/", "");
    fleet.stack().part("kafka").end(Signal.TERM, Duration.ofSeconds(60));
    assertThat(fleet.api().disable(destination)).isEqualTo(503);
    fires(prometheus, "PostriderOutboxStuck", "PostriderDirectoryStale");
    fleet.stack().restore();
  }

  private static void firesWithOurOwnPartsAway(Fleet fleet, Prometheus prometheus)
      throws Exception {
    for (String worker : Fleet.WORKERS) {
      fleet.stack().part(worker).end(Signal.TERM, Duration.ofSeconds(40));
    }
    fleet.stack().part("config-api").end(Signal.TERM, Duration.ofSeconds(40));
    fires(prometheus, "PostriderWorkersDown", "PostriderApiDown", "PostriderWorkerDown");
    fleet.stack().restore();
  }

  private static void fires(Prometheus prometheus, String... alerts) {
    Instant begun = Instant.now();
    Set<String> wanted = new TreeSet<>(Arrays.asList(alerts));
    await()
        .alias(wanted + " fire")
        .atMost(LONG)
        .pollInterval(OFTEN)
        .until(
            () -> {
              for (String alert : prometheus.firing()) {
                if (wanted.remove(alert)) {
                  Duration after = Duration.between(begun, Instant.now());
                  System.out.printf("%s fires after %d s%n", alert, after.toSeconds());
                }
              }
              return wanted.isEmpty();
            });
  }

  /** Receivers stay broken, and what was left out is told of for ten minutes. */
  private static Set<String> lasting(Prometheus prometheus) throws IOException {
    Set<String> firing = new TreeSet<>(prometheus.firing());
    firing.removeAll(
        Set.of(
            "PostriderManyReceiversBroken",
            "PostriderUndecodable",
            "PostriderOutcomesLeftOut",
            "PostriderFailingMoreThanUsual"));
    return firing;
  }
}
