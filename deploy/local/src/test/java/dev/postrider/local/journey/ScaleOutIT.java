// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.local.LocalStack;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Three workers share the partitions; one or the other leaves, in good order or not. */
@ExtendWith(Fleet.Shared.class)
class ScaleOutIT {

  private static final int DESTINATIONS = 24;
  private static final int IN_ORDER = 6;
  private static final List<String> KILLED = Fleet.WORKERS.subList(0, 2);
  private static final Duration SESSION_AND_MORE = Duration.ofSeconds(10);

  /** What the first death leaves behind must not be in the way of the second. */
  @Test
  void k1AndB19TakeOverWhatAKilledWorkerServedWithinTenSecondsAndInOrder(Fleet fleet)
      throws Exception {
    try (Load load = fleet.load(DESTINATIONS, "");
        Load ordered = fleet.load(IN_ORDER, ",\"ordering\":\"fifo\"");
        OffsetWatch offsets = new OffsetWatch(fleet.stack())) {
      load.keepPublishing(4);
      ordered.keepPublishing(4);
      load.awaitDeliveries(10 * DESTINATIONS);
      for (String worker : KILLED) {
        Duration takeover = takeover(fleet, load, worker);
        System.out.println(worker + " killed, taken over after " + takeover.toMillis() + " ms");
        assertThat(takeover).isLessThan(Duration.ofSeconds(10));
        fleet.stack().restore();
      }

      Load.Account account = load.settled();
      Load.Account inOrder = ordered.settled();

      account.print("killed two in turn");
      inOrder.print("killed two in turn, in order");
      assertThat(account.repeated())
          .isLessThanOrEqualTo(KILLED.size() * DESTINATIONS * Load.WINDOW);
      assertThat(inOrder.repeated()).isLessThanOrEqualTo(KILLED.size() * IN_ORDER);
      ordered.requireOrder();
      assertThat(offsets.regressions()).isEmpty();
    }
  }

  private static Duration takeover(Fleet fleet, Load load, String worker)
      throws InterruptedException {
    fleet.stack().part(worker).kill();
    Instant killed = Instant.now();
    int next = load.publish();
    await().atMost(Duration.ofMinutes(3)).until(() -> load.arrivals(next) == DESTINATIONS);
    return Duration.between(killed, load.lastArrival(next));
  }

  /** In the order of {@code docs/operations.md}, with a second config-api to take turns with. */
  @Test
  void k4AndK18LoseRepeatAndRefuseNothingWhileAllAreReplacedInTurn(
      Fleet fleet, @TempDir Path directory) throws Exception {
    try (Load load = fleet.load(DESTINATIONS, "");
        OffsetWatch offsets = new OffsetWatch(fleet.stack());
        LocalStack beside = fleet.anotherApi(directory);
        RestPublisher rest = new RestPublisher(fleet.api())) {
      load.keepPublishing(4);
      Fleet.pass(Duration.ofSeconds(2));
      rest.goOnAt(new Api(beside, "acme"));
      fleet.end("config-api"); // and comes back, the new version, beside the first worker
      for (String worker : Fleet.WORKERS) {
        fleet.restart(worker);
      }
      rest.goOnAt(fleet.api());
      beside.stop();

      Load.Account account = load.settled();

      account.print("replaced a config-api and three workers in turn");
      assertThat(account.repeated()).isZero();
      assertThat(offsets.regressions()).isEmpty();
      assertThat(rest.answers()).as("%s", rest.answers()).hasSizeGreaterThan(100);
      assertThat(rest.answers()).filteredOn(status -> status != 202).isEmpty();
    }
  }

  /** Publishes over REST all the time, to whichever config-api it was told last. */
  private static final class RestPublisher implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    private volatile Api api;

    RestPublisher(Api api) {
      this.api = api;
      thread.scheduleWithFixedDelay(this::publish, 0, 50, TimeUnit.MILLISECONDS);
    }

    /** As publishers do, again when Kafka did not confirm it in time; 0 when nobody answers. */
    private void publish() {
      String event = "{\"type\":\"nobody.wants\",\"data\":1}";
      int status = 503;
      for (int tries = 0; tries < 5 && status == 503; tries++) {
        status = status(event);
      }
      answers.add(status);
    }

    private int status(String event) {
      try {
        return api.publish("application/json", event).status();
      } catch (AssertionError nobody) {
        return 0;
      }
    }

    /** Returns when nothing is under way at the one before. */
    void goOnAt(Api next) throws Exception {
      api = next;
      thread.submit(() -> {}).get();
    }

    Queue<Integer> answers() {
      return answers;
    }

    @Override
    public void close() {
      thread.close();
    }
  }

  /**
   * The receiver is slow, so that the frozen worker's lanes hold more than is in flight: that must
   * not be sent when it wakes up.
   */
  @Test
  void k5SendsNothingMoreThatItHeldWhenItWakesUpToFindItsPartitionsGone(Fleet fleet)
      throws Exception {
    try (Load load = fleet.load(DESTINATIONS, "");
        OffsetWatch offsets = new OffsetWatch(fleet.stack())) {
      load.ledger().pause(Duration.ofMillis(300));
      load.keepPublishing(8);
      load.awaitDeliveries(20 * DESTINATIONS);
      fleet.freeze("worker-2");
      Fleet.pass(SESSION_AND_MORE);
      fleet.thaw("worker-2");
      load.ledger().pause(Duration.ZERO);

      Load.Account account = load.settled();

      account.print("froze one of three for 10 s");
      assertThat(account.repeated()).isLessThanOrEqualTo(DESTINATIONS * Load.WINDOW);
      assertThat(offsets.regressions()).isEmpty();
    }
  }
}
