// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static dev.postrider.worker.TestDeliveries.DESTINATION;
import static dev.postrider.worker.TestDeliveries.NOON;
import static dev.postrider.worker.TestDeliveries.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Place;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whom a delivery stays behind, and what of that is written. */
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

  @Test
  void k7RemovesWhatAFollowUpOfACrashHasWrittenWithTheNextThatFinishes() {
    Decision delivered = new Decision.Finished(DeliveryState.DELIVERED);

    assertThat(backlogs.repeated(ordered(41).delivery(), delivered))
        .contains(new Backlogs.Change(DESTINATION, new Backlog(41, -1)));
    assertThat(backlogs.reported(ordered(42).delivery(), delivered))
        .contains(new Backlogs.Change(DESTINATION, null));
    assertThat(backlogs.reported(ordered(43).delivery(), delivered)).isEmpty();
  }

  @Test
  void comesBackByItsPlaceAmongThoseThatArePutOff() {
    Queue queue = new Queue(new Backlog(100, 200));

    assertThat(queue.ahead(new Place(150, 149L), 60)).isEqualTo(30);
    assertThat(queue.ahead(new Place(200, 199L), 60)).isEqualTo(60);
  }

  @Test
  void comesBackAsTheLastWherePartitionsWereAddedMeanwhile() {
    Queue queue = new Queue(new Backlog(100, 1L << 50));

    assertThat(queue.ahead(new Place(150, 149L), 60)).isEqualTo(60);
  }

  private static Work ordered(long number) {
    return new Work(numbered(number), new Nobodys(1), NOON).inOrder();
  }

  private static Long behind(Work work) {
    return work.delivery().place().behind();
  }
}
