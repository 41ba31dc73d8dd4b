// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Three workers share the partitions; one or the other leaves, in good order or not. */
@ExtendWith(Fleet.Shared.class)
class ScaleOutIT {

  private static final int DESTINATIONS = 24;
  private static final List<String> KILLED = Fleet.WORKERS.subList(0, 2);
  private static final Duration SESSION_AND_MORE = Duration.ofSeconds(10);

  /** What the first death leaves behind must not be in the way of the second. */
  @Test
  void takesOverWhatAKilledWorkerServedWithinTenSeconds(Fleet fleet) throws Exception {
    try (Load load = fleet.load(DESTINATIONS, "");
        OffsetWatch offsets = new OffsetWatch(fleet.stack())) {
      load.keepPublishing(4);
      load.awaitDeliveries(10 * DESTINATIONS);
      for (String worker : KILLED) {
        Duration takeover = takeover(fleet, load, worker);
        System.out.println(worker + " killed, taken over after " + takeover.toMillis() + " ms");
        assertThat(takeover).isLessThan(Duration.ofSeconds(10));
        fleet.stack().restore();
      }

      Load.Account account = load.settled();

      account.print("killed two in turn");
      assertThat(account.repeated())
          .isLessThanOrEqualTo(KILLED.size() * DESTINATIONS * Load.WINDOW);
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

  @Test
  void k4LosesAndRepeatsNothingWhileAllAreRestartedInTurn(Fleet fleet) throws Exception {
    try (Load load = fleet.load(DESTINATIONS, "");
        OffsetWatch offsets = new OffsetWatch(fleet.stack())) {
      load.keepPublishing(4);
      for (String worker : Fleet.WORKERS) {
        fleet.restart(worker);
      }

      Load.Account account = load.settled();

      account.print("restarted three in turn");
      assertThat(account.repeated()).isZero();
      assertThat(offsets.regressions()).isEmpty();
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
