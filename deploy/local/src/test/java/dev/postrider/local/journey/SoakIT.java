// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Ten minutes of kills, or as many as {@code -Dsoak.minutes} says, and twenty clean restarts, under
 * load.
 */
@Tag("soak")
@ExtendWith(Fleet.Shared.class)
class SoakIT {

  private static final int DESTINATIONS = 24;

  private final Random random = new Random();

  @Test
  void k1LosesNothingWhileWorkersAreKilledAtRandom(Fleet fleet) throws Exception {
    Instant end = Instant.now().plus(Duration.ofMinutes(Integer.getInteger("soak.minutes", 10)));
    int kills = 0;
    try (Load load = fleet.load(DESTINATIONS, "")) {
      load.keepPublishing(10);
      for (; Instant.now().isBefore(end); kills++) {
        Fleet.pass(Duration.ofSeconds(random.nextInt(5, 21)));
        fleet.stack().part(any()).kill();
        fleet.stack().restore();
      }

      Load.Account account = load.settled();

      account.print("killed " + kills + " times");
      assertThat(account.repeated()).isLessThanOrEqualTo(kills * DESTINATIONS * Load.WINDOW);
    }
  }

  @Test
  void k18LosesAndRepeatsNothingInTwentyCleanRestarts(Fleet fleet) throws Exception {
    try (Load load = fleet.load(DESTINATIONS, "");
        OffsetWatch offsets = new OffsetWatch(fleet.stack())) {
      load.keepPublishing(10);
      for (int restart = 0; restart < 20; restart++) {
        fleet.restart(any());
      }

      Load.Account account = load.settled();

      account.print("restarted 20 times");
      assertThat(account.repeated()).isZero();
      assertThat(offsets.regressions()).isEmpty();
    }
  }

  private String any() {
    return Fleet.WORKERS.get(random.nextInt(Fleet.WORKERS.size()));
  }
}
