// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static dev.postrider.worker.TestDeliveries.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.destination.Limits;
import dev.postrider.worker.TestDeliveries;
import dev.postrider.worker.dispatch.Lane.Answer;
import dev.postrider.worker.http.Receiver;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LaneTest {

  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final Claim NOBODYS =
      new Claim() {
        @Override
        public boolean start() {
          return true;
        }

        @Override
        public boolean held() {
          return true;
        }

        @Override
        public void settle() {}
      };

  private int offsets;

  @Test
  void letsAsManyGoAsTheWindowHasRoomFor() {
    Lane lane = lane(Limits.DEFAULT);

    for (int open = 0; open < 4; open++) {
      assertThat(go(lane, NOON)).isEqualTo(new Answer.Go());
    }
    assertThat(lane.offer(work(NOON), NOON)).isEqualTo(new Answer.Wait());
  }

  @Test
  void letsTheLineGoInOrderWhenThereIsRoom() {
    Lane lane = lane(new Limits(1, null));
    Work first = work(NOON);
    lane.offer(first, NOON);
    lane.opened(first, NOON);
    Work second = work(NOON);
    Work third = work(NOON);
    lane.offer(second, NOON);
    lane.offer(third, NOON);
    assertThat(lane.next(NOON)).isNull();

    lane.closed(first);

    assertThat(lane.next(NOON)).isEqualTo(second);
    lane.opened(second, NOON);
    assertThat(lane.next(NOON)).isNull();
  }

  @Test
  void parksWhatWouldWaitBehindAHangingReceiver() {
    Lane lane = lane(new Limits(1, null));
    go(lane, NOON);
    Instant later = NOON.plusSeconds(10);

    assertThat(lane.offer(work(later), later))
        .isInstanceOfSatisfying(
            Answer.Park.class,
            park -> {
              assertThat(park.decision().why()).isEqualTo(Decision.Why.FULL);
              assertThat(park.decision().until()).isAfterOrEqualTo(later.plus(MOMENT));
            });
  }

  @Test
  void neverParksForLongerThanTwoMinutesForLackOfRoom() {
    Lane lane = lane(new Limits(1, null));
    go(lane, NOON);
    Instant later = NOON.plusSeconds(30);

    for (int parked = 0; parked < 1000; parked++) {
      Answer.Park park = (Answer.Park) lane.offer(work(later), later);
      assertThat(park.decision().until()).isBeforeOrEqualTo(later.plus(Duration.ofMinutes(2)));
    }
  }

  @Test
  void parksAtItsOwnSlotWhatTheRateDoesNotAllowWithinAMoment() {
    Lane lane = lane(new Limits(64, 0.5));
    go(lane, NOON);

    assertThat(lane.offer(work(NOON), NOON)).isEqualTo(paced(NOON.plusSeconds(2)));
    assertThat(lane.offer(work(NOON), NOON)).isEqualTo(paced(NOON.plusSeconds(4)));
  }

  @Test
  void letsADeliveryGoThatComesBackAtTheSlotItWasGiven() {
    Lane lane = lane(new Limits(64, 0.5));
    go(lane, NOON);
    Work parked = work(NOON);
    Answer.Park answer = (Answer.Park) lane.offer(parked, NOON);
    Delivery back = parked.delivery().waiting(1, answer.decision());

    Instant slot = answer.decision().until();
    assertThat(lane.offer(new Work(back, NOBODYS, slot), slot)).isEqualTo(new Answer.Go());
  }

  @Test
  void givesNobodyTheSlotsThatPassedDuringAnOutage() {
    Lane lane = lane(new Limits(64, 1.0));
    Instant later = NOON.plusSeconds(600);
    Decision.Parked longAgo = new Decision.Parked(NOON.plusSeconds(5), Decision.Why.PACED);
    Work one = new Work(work(NOON).delivery().waiting(1, longAgo), NOBODYS, later);
    Work other = new Work(work(NOON).delivery().waiting(1, longAgo), NOBODYS, later);

    assertThat(lane.offer(one, later)).isEqualTo(new Answer.Go());
    lane.opened(one, later);
    assertThat(lane.offer(other, later)).isNotEqualTo(new Answer.Go());
  }

  @Test
  void holdsEvenTheOwnersOfSlotsWhenTheReceiverAsksAgain() {
    Lane lane = lane(Limits.DEFAULT);
    Instant slot = NOON.plusSeconds(30);
    lane.pace().hold(slot, Duration.ofSeconds(30));
    Decision.Parked atSlot = new Decision.Parked(slot, Decision.Why.PACED);

    Work owner = new Work(work(NOON).delivery().waiting(1, atSlot), NOBODYS, slot);

    assertThat(lane.offer(owner, slot)).isEqualTo(paced(NOON.plusSeconds(60)));
  }

  @Test
  void holdsEverythingBackThatAReceiverAskedToWait() {
    Lane lane = lane(Limits.DEFAULT);
    Work first = work(NOON);
    lane.offer(first, NOON);
    lane.opened(first, NOON);
    lane.pace().hold(NOON, Duration.ofSeconds(30));
    lane.closed(first);

    assertThat(lane.offer(work(NOON), NOON)).isEqualTo(paced(NOON.plusSeconds(30)));
  }

  @Test
  void isForgottenOnlyWhenNothingIsOpenWaitingOrHeld() {
    Lane lane = lane(Limits.DEFAULT);
    Work first = work(NOON);
    lane.offer(first, NOON);
    lane.opened(first, NOON);
    Instant later = NOON.plusSeconds(120);

    assertThat(lane.idleFor(Duration.ofMinutes(1), later)).isFalse();
    lane.closed(first);
    assertThat(lane.idleFor(Duration.ofMinutes(1), later)).isTrue();
  }

  private Answer go(Lane lane, Instant now) {
    Work work = work(now);
    Answer answer = lane.offer(work, now);
    lane.opened(work, now);
    return answer;
  }

  private Work work(Instant now) {
    int offset = offsets++;
    return new Work(TestDeliveries.delivery("e" + offset, offset), NOBODYS, now);
  }

  private static Lane lane(Limits limits) {
    Receiver receiver = new Receiver(TestDeliveries.destination(limits), null, null, Instant.MAX);
    return new Lane(receiver, MOMENT, NOON);
  }

  private static Answer paced(Instant until) {
    return new Answer.Park(new Decision.Parked(until, Decision.Why.PACED));
  }
}
