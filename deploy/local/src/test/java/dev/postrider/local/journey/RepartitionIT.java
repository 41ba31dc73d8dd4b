// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The topics that belong together get twice the partitions, in the steps of the documentation. */
@ExtendWith(Fleet.Shared.class)
class RepartitionIT {

  private static final int DESTINATIONS = 12;
  private static final int IN_ORDER = 6;
  private static final int DOUBLED = 12;
  private static final int KILLED = 137;

  /**
   * Some wait for their second attempt at the time, and orders behind their first; config-api goes
   * on with the old number.
   */
  @Test
  void k15LosesRepeatsAndOvertakesNothingWhilePartitionsAreDoubled(Fleet fleet) throws Exception {
    try (Load load = fleet.load(DESTINATIONS, "");
        Load ordered = fleet.load(IN_ORDER, ",\"ordering\":\"fifo\"");
        OffsetWatch offsets = new OffsetWatch(fleet.stack())) {
      load.ledger().answerEach((_, earlier) -> earlier == 0 ? 500 : 200);
      load.keepPublishing(2);
      ordered.keepPublishing(1);
      load.awaitDeliveries(5 * DESTINATIONS);
      ordered.ledger().answerEach((_, _) -> 500);
      fleet.tellOfPartitions(DOUBLED);
      Fleet.WORKERS.parallelStream().forEach(fleet::end);

      assertThat(fleet.repartition("-Dpostrider.crash-at=before-commit:5").status())
          .isEqualTo(KILLED);
      Fleet.Ended moved = fleet.repartition();
      assertThat(moved.status()).isZero();
      assertThat(moved.printed()).containsPattern("[1-9]\\d* deliveries under way moved");
      load.rejectSome();
      ordered.rejectSome();
      fleet.stack().restore();

      Load.Account account = load.settled();
      Load.Account inOrder = ordered.settled();

      account.print("doubled the partitions");
      inOrder.print("doubled the partitions, in order");
      assertThat(account.repeated() + inOrder.repeated()).isZero();
      ordered.requireOrder();
      assertThat(offsets.regressions()).isEmpty();
    }
  }
}
