// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Three workers share the partitions; one or the other leaves, in good order or not. */
@ExtendWith(Fleet.Shared.class)
class ScaleOutIT {

  private static final int DESTINATIONS = 24;
  private static final Duration SESSION_AND_MORE = Duration.ofSeconds(10);

  @Test
  void takesOverWhatAKilledWorkerServedWithinTenSeconds(Fleet fleet) throws Exception {
    try (Load load = fleet.load(DESTINATIONS, "")) {
      load.keepPublishing(4);
      load.awaitDeliveries(10 * DESTINATIONS);
      fleet.stack().part("worker-1").kill();
      Instant killed = Instant.now();
      int next = load.publish();

      await().atMost(Duration.ofSeconds(60)).until(() -> load.arrivals(next) == DESTINATIONS);
      Duration takeover = Duration.between(killed, load.lastArrival(next));

      Load.Account account = load.settled();
      account.print("killed one of three, taken over after " + takeover.toMillis() + " ms");
      assertThat(takeover).isLessThan(Duration.ofSeconds(10));
      assertThat(account.repeated()).isLessThanOrEqualTo(DESTINATIONS * Load.WINDOW);
    }
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
