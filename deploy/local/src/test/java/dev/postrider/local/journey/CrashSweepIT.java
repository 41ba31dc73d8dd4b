// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Workers die at every place between two steps of a delivery. */
@ExtendWith(Fleet.Shared.class)
class CrashSweepIT {

  private static final int DESTINATIONS = 24;
  private static final List<String> PLACES =
      List.of(
          "after-poll:5",
          "after-sign:30",
          "after-response:30",
          "after-outcome:30",
          "after-park:10",
          "before-commit:3");

  @Test
  void k1AndK2AndB18LoseNothingWhereverAWorkerDiesBetweenTwoSteps(Fleet fleet) throws Exception {
    try (Load load = fleet.load(DESTINATIONS, "")) {
      load.keepPublishing(3);
      for (String place : PLACES) {
        fleet.restoreToCrashAt("worker-1", place);
        awaitDeath(fleet);
      }

      Load.Account account = load.settled();

      account.print("died at " + String.join(", ", PLACES));
      assertThat(account.repeated())
          .isLessThanOrEqualTo(PLACES.size() * DESTINATIONS * Load.WINDOW);
    }
  }

  @Tag("soak")
  @ParameterizedTest
  @FieldSource("PLACES")
  void k1AndK2RepeatNoMoreThanWasInFlightAtEachPlace(String place, Fleet fleet) throws Exception {
    fleet.restoreToCrashAt("worker-1", place);
    try (Load load = new Load(fleet, DESTINATIONS, "")) {
      load.keepPublishing(4);
      awaitDeath(fleet);

      Load.Account account = load.settled();

      account.print("died at " + place);
      assertThat(account.repeated()).isLessThanOrEqualTo(DESTINATIONS * Load.WINDOW);
    }
  }

  private static void awaitDeath(Fleet fleet) {
    await().atMost(Duration.ofSeconds(60)).until(() -> !fleet.runs("worker-1"));
  }
}
