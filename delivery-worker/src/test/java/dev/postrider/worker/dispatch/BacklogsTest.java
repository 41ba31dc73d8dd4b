// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static dev.postrider.worker.TestDeliveries.DESTINATION;
import static dev.postrider.worker.TestDeliveries.NOON;
import static dev.postrider.worker.TestDeliveries.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Place;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whom a delivery stays behind that meets a defect of ours before it is sent. */
class BacklogsTest {

  private final Backlogs backlogs = new Backlogs();

  @Test
  void k7PutsADeliveryBehindTheLastThatWasPutOff() {
    backlogs.replace(Map.of(DESTINATION, new Backlog(40, 43)));

    assertThat(behind(backlogs.placed(ordered(44), null))).isEqualTo(43);
  }

  @Test
  void k7PutsADeliveryBehindTheOneThatIsSent() {
    assertThat(behind(backlogs.placed(ordered(44), ordered(43)))).isEqualTo(43);
  }

  @Test
  void k7PutsNobodyBehindThoseThatWaitForHim() {
    backlogs.replace(Map.of(DESTINATION, new Backlog(40, 43)));

    assertThat(behind(backlogs.placed(ordered(41), null))).isEqualTo(Place.NOBODY);
  }

  @Test
  void k7LeavesWhatIsInNoOrderAsItIs() {
    Work work = new Work(numbered(44), new Nobodys(1), NOON);

    assertThat(backlogs.placed(work, null)).isSameAs(work);
  }

  private static Work ordered(long number) {
    return new Work(numbered(number), new Nobodys(1), NOON).inOrder();
  }

  private static Long behind(Work work) {
    return work.delivery().place().behind();
  }
}
