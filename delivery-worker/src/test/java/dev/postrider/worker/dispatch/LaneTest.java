// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static dev.postrider.worker.TestDeliveries.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.destination.Limits;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.worker.TestDeliveries;
import dev.postrider.worker.dispatch.Lane.Answer;
import dev.postrider.worker.http.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LaneTest {

  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final Instant BROKEN = NOON.plusMillis(49 * 205L);

  /** Each is another. */
  private static int offsets;

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
  void holdsUpNoEventsOffsetForAReceiverThatHangs() {
    Lane lane = lane(Limits.DEFAULT);
    fail(lane, new Outcome.Unreachable(Outcome.Cause.TIMEOUT), NOON);

    assertThat(lane.offer(handedOver(NOON), NOON))
        .isEqualTo(
            new Answer.Park(new Decision.Parked(NOON.plus(MOMENT), Decision.Why.FULL), null));
    assertThat(lane.offer(work(NOON), NOON)).isEqualTo(new Answer.Go());
    assertThat(lane.offer(comeBack(handedOver(NOON)), NOON)).isEqualTo(new Answer.Go());

    fail(lane, new Outcome.Rejected(500, null), NOON);
    assertThat(lane.offer(handedOver(NOON), NOON)).isEqualTo(new Answer.Go());
  }

  @Test
  void doesNotCountAgainstTheReceiverThatThisWorkerIsLate() {
    Flights flights = new Flights(1);
    Lane lane =
        new Lane(receiver(new Limits(1, null), 1), RetryTiers.DEFAULT, flights, () -> 1, NOON);
    Work slow = work(NOON);
    lane.opened(slow, NOON);
    Instant later = NOON.plusSeconds(10);
    flights.adjust(Duration.ofSeconds(10), later);
    Work next = work(later);
    assertThat(lane.offer(next, later)).isEqualTo(new Answer.Wait());

    lane.learn(attempt(new Outcome.Accepted(200)), slow, lane.receiver(), later);
    lane.closed(slow);
    lane.next(later);
    lane.opened(next, later);

    assertThat(lane.offer(work(later), later)).isEqualTo(new Answer.Wait());
  }

  @Test
  void doesNotCountAgainstTheReceiverThatItsReportIsNotSafeYet() {
    Lane lane = lane(new Limits(1, null));
    Work work = work(NOON);
    lane.opened(work, NOON);
    lane.learn(attempt(new Outcome.Accepted(200)), work, lane.receiver(), NOON);
    lane.landed(work);
    Instant later = NOON.plusSeconds(10);

    assertThat(lane.offer(work(later), later)).isEqualTo(new Answer.Wait());
  }

  @Test
  void isFullUntilAReportIsSafe() {
    Lane lane = lane(new Limits(2, null));
    Work one = work(NOON);
    lane.opened(one, NOON);
    assertThat(lane.isFull()).isFalse();

    lane.opened(work(NOON), NOON);
    lane.landed(one);
    assertThat(lane.isFull()).isTrue();

    lane.closed(one);
    assertThat(lane.isFull()).isFalse();
  }

  @Test
  void hasThousandsComeBackWithinMinutesAndAMillionNoFasterThanHundredsASecond() {
    Lane lane = lane(new Limits(1, null));
    go(lane, NOON);
    Instant later = NOON.plusSeconds(30);

    Work any = work(later);
    for (int parked = 1; parked <= 1_000_000; parked++) {
      Instant until = ((Answer.Park) lane.offer(any, later)).decision().until();
      if (parked % 1000 == 0) {
        Duration longest = Duration.ofMinutes(parked <= 60_000 ? 6 : 30);
        Duration shortest = Duration.ofMillis(Math.min(parked * 5L, 1_800_000));
        assertThat(Duration.between(later, until)).isBetween(shortest, longest);
      }
    }
  }

  @Test
  void sharesWhatComingBackCostsWithAllLanesThatPutOff() {
    Lane lane = lane(new Limits(1, null), 200);
    go(lane, NOON);
    Instant later = NOON.plusSeconds(30);

    Work any = work(later);
    Answer last = Stream.generate(() -> lane.offer(any, later)).limit(6_000).toList().getLast();

    assertThat(((Answer.Park) last).decision().until())
        .isEqualTo(later.plus(Duration.ofMinutes(20)));
  }

  @Test
  void putsOffAsLongAsSomebodyIsTurnedAwayAgainAndAgain() {
    Lane lane = lane(new Limits(1, null));
    assertThat(lane.putsOff(NOON)).isFalse();

    go(lane, NOON);
    Instant later = NOON.plusSeconds(10);
    lane.offer(work(later), later);

    assertThat(lane.putsOff(later.plusMillis(999))).isTrue();
    assertThat(lane.putsOff(later.plusSeconds(1))).isFalse();
  }

  @Test
  void hasThemComeBackAsFastAsTheyAreServedWhereThatIsFaster() {
    Lane lane = lane(Limits.DEFAULT, 200);
    serve(lane, 4_000);
    Instant later = NOON.plusSeconds(1);
    Stream.generate(() -> go(lane, later)).limit(64).toList();

    Work any = work(later);
    Instant until =
        Stream.generate(() -> lane.offer(any, later))
            .filter(Answer.Park.class::isInstance)
            .map(answer -> ((Answer.Park) answer).decision().until())
            .skip(39_999)
            .findFirst()
            .orElseThrow();

    assertThat(until).isEqualTo(later.plusSeconds(10));
  }

  @Test
  void putsNothingOffThatWaitsForOurOwnReports() {
    Lane lane = full(64, 64);

    assertThat(offered(lane, 1_000)).containsOnly(new Answer.Wait());
    assertThat(lane.waitingForUs(NOON)).isEqualTo(1_000);
  }

  @Test
  void holdsUpNobodyForASmallWindowNorForAnswersThatAreNotThere() {
    for (Lane lane : List.of(full(16, 16), full(64, 32))) {
      assertThat(offered(lane, 257).getLast()).isInstanceOf(Answer.Park.class);
      assertThat(lane.waitingForUs(NOON)).isZero();
    }
  }

  @Test
  void letsFirstAndFurtherAttemptsTakeTurns() {
    Lane lane = lane(new Limits(1, null));
    Work open = work(NOON);
    lane.offer(open, NOON);
    lane.opened(open, NOON);
    Work again1 = again(NOON);
    Work again2 = again(NOON);
    Work first1 = work(NOON);
    Work first2 = work(NOON);
    for (Work work : List.of(again1, again2, first1, first2)) {
      assertThat(lane.offer(work, NOON)).isEqualTo(new Answer.Wait());
    }
    lane.closed(open);

    assertThat(Stream.generate(() -> lane.next(NOON)).limit(4))
        .containsExactly(first1, again1, first2, again2);
  }

  @Test
  void b3KeepsTheRateWhateverSlotsWereGivenAndHoweverLateTheyAreUsed() {
    Lane lane = lane(new Limits(64, 100.0));
    int begun = 0;
    for (int millis = 0; millis < 5_000; millis += 5) {
      Instant now = NOON.plusMillis(millis);
      Decision.Parked slot = new Decision.Parked(now, Decision.Why.PACED);
      Work owner = new Work(again(now).delivery().waiting(2, slot), new Nobodys(offsets++), now);
      begun += lane.offer(owner, now) instanceof Answer.Go ? opened(lane, owner, now) : 0;
      begun += lane.offer(work(now), now) instanceof Answer.Go ? 1 : 0;
      for (Work next = lane.next(now); next != null; next = lane.next(now)) {
        begun += opened(lane, next, now);
      }
    }

    assertThat(begun).isBetween(490, 505);
  }

  @Test
  void b5SendsOnlyProbesToWhatIsBrokenAndAtGrowingIntervals() {
    Lane lane = broken();
    List<Long> probes = new ArrayList<>();
    for (int second = 0; second < 300; second++) {
      Instant now = BROKEN.plusSeconds(second);
      if (lane.offer(work(now), now) instanceof Answer.Go) {
        probes.add((long) second);
        fail(lane, now);
      }
    }

    assertThat(probes).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 124L, 184L, 244L);
    assertThat(lane.state(BROKEN)).isEqualTo(Lane.State.BROKEN);
  }

  @Test
  void b5StartsAgainGentlyOnceAProbeIsTaken() {
    Lane lane = broken();
    Instant now = BROKEN.plusSeconds(1);
    Work probe = work(now);
    assertThat(lane.offer(probe, now)).isEqualTo(new Answer.Go());
    lane.opened(probe, now);
    lane.learn(attempt(new Outcome.Accepted(200)), probe, lane.receiver(), now);
    lane.closed(probe);

    for (int open = 0; open < 4; open++) {
      assertThat(go(lane, now)).isEqualTo(new Answer.Go());
    }
    assertThat(lane.offer(work(now), now)).isNotEqualTo(new Answer.Go());
    assertThat(lane.state(now)).isEqualTo(Lane.State.OPEN);
  }

  @Test
  void countsNoFaultOfOurOwnAgainstTheDestination() {
    Lane lane = lane(Limits.DEFAULT);
    for (int second = 0; second < 100; second++) {
      Instant now = NOON.plusSeconds(second);
      lane.learn(
          attempt(new Outcome.Refused(Outcome.Why.OVERLOADED)), work(now), lane.receiver(), now);
    }

    assertThat(go(lane, NOON.plusSeconds(100))).isEqualTo(new Answer.Go());
  }

  @Test
  void cancelsEverythingOnceTheReceiverIsGoneUntilItIsConfiguredAnew() {
    Lane lane = lane(new Limits(1, null));
    Work open = work(NOON);
    lane.offer(open, NOON);
    lane.opened(open, NOON);
    Work waiting = work(NOON);
    lane.offer(waiting, NOON);

    lane.learn(attempt(new Outcome.Rejected(410, null)), open, lane.receiver(), NOON);
    lane.closed(open);

    assertThat(lane.next(NOON)).isNull();
    assertThat(lane.nextOverdue(NOON)).isEqualTo(waiting);
    assertThat(lane.dismiss(waiting, NOON)).isEqualTo(new Answer.Cancel());
    assertThat(lane.offer(work(NOON), NOON)).isEqualTo(new Answer.Cancel());
    lane.serve(receiver(new Limits(1, null), 2));
    assertThat(lane.offer(work(NOON), NOON)).isEqualTo(new Answer.Go());
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
    assertThat(lane.offer(new Work(back, new Nobodys(offsets++), slot), slot))
        .isEqualTo(new Answer.Go());
  }

  @Test
  void givesNobodyTheSlotsThatPassedDuringAnOutage() {
    Lane lane = lane(new Limits(64, 1.0));
    Instant later = NOON.plusSeconds(600);
    Decision.Parked longAgo = new Decision.Parked(NOON.plusSeconds(5), Decision.Why.PACED);
    Work one = new Work(work(NOON).delivery().waiting(1, longAgo), new Nobodys(offsets++), later);
    Work other = new Work(work(NOON).delivery().waiting(1, longAgo), new Nobodys(offsets++), later);

    assertThat(lane.offer(one, later)).isEqualTo(new Answer.Go());
    lane.opened(one, later);
    assertThat(lane.offer(other, later)).isNotEqualTo(new Answer.Go());
  }

  @Test
  void holdsEvenTheOwnersOfSlotsWhenTheReceiverAsksAgain() {
    Lane lane = lane(Limits.DEFAULT);
    Instant slot = NOON.plusSeconds(30);
    lane.learn(
        attempt(new Outcome.Rejected(503, Duration.ofSeconds(30))),
        work(slot),
        lane.receiver(),
        slot);
    Decision.Parked atSlot = new Decision.Parked(slot, Decision.Why.PACED);

    Work owner = new Work(work(NOON).delivery().waiting(1, atSlot), new Nobodys(offsets++), slot);

    assertThat(lane.offer(owner, slot)).isEqualTo(paced(NOON.plusSeconds(60)));
  }

  @Test
  void holdsEverythingBackThatAReceiverAskedToWait() {
    Lane lane = lane(Limits.DEFAULT);
    Work first = work(NOON);
    lane.offer(first, NOON);
    lane.opened(first, NOON);
    lane.learn(
        attempt(new Outcome.Rejected(429, Duration.ofSeconds(30))), first, lane.receiver(), NOON);
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

    assertThat(lane.idle(later)).isFalse();
    lane.closed(first);
    assertThat(lane.idle(later)).isTrue();
  }

  @Test
  void k19KeepsAPlaceForAFreshOneBesideAHerdOfRetries() {
    Lane lane = lane(Limits.DEFAULT);
    for (int open = 0; open < 4; open++) {
      go(lane, NOON);
    }
    for (int place = 0; place < 256; place++) {
      assertThat(lane.offer(again(NOON), NOON)).isEqualTo(new Answer.Wait());
    }
    assertThat(lane.offer(again(NOON), NOON)).isInstanceOf(Answer.Park.class);

    assertThat(lane.offer(work(NOON), NOON)).isEqualTo(new Answer.Wait());
  }

  /** Eight of the largest payloads are open, two stand in their row. */
  @Test
  void holdsNoMoreLargePayloadsThanAreGoodForAll() {
    Lane lane = lane(Limits.DEFAULT);
    for (int accepted = 0; accepted < 60; accepted++) {
      Work work = work(NOON);
      lane.opened(work, NOON);
      lane.learn(attempt(new Outcome.Accepted(200)), work, lane.receiver(), NOON);
      lane.closed(work);
    }

    List<Answer> answers = Stream.generate(() -> offerLarge(lane)).limit(11).toList();

    assertThat(answers.subList(0, 8)).containsOnly(new Answer.Go());
    assertThat(answers.subList(8, 10)).containsOnly(new Answer.Wait());
    assertThat(answers.getLast()).isInstanceOf(Answer.Park.class);
  }

  @Test
  void letsLargePayloadsGoAsOthersEnd() {
    Lane lane = lane(new Limits(64, null));
    Work large = large();
    lane.opened(large, NOON);
    for (int open = 1; open < 8; open++) {
      lane.opened(large(), NOON);
    }
    assertThat(lane.roomFor(NOON)).isFalse();

    lane.closed(large);
    lane.learn(attempt(new Outcome.Accepted(200)), large, lane.receiver(), NOON);
    Stream.generate(() -> attempt(new Outcome.Accepted(200)))
        .limit(10)
        .forEach(attempt -> lane.learn(attempt, work(NOON), lane.receiver(), NOON));

    assertThat(lane.roomFor(NOON)).isTrue();
  }

  private Answer offerLarge(Lane lane) {
    Work work = large();
    Answer answer = lane.offer(work, NOON);
    if (answer instanceof Answer.Go) {
      lane.opened(work, NOON);
    }
    return answer;
  }

  private Work large() {
    int offset = offsets++;
    return new Work(TestDeliveries.large("e" + offset, offset), new Nobodys(offsets++), NOON);
  }

  private Answer go(Lane lane, Instant now) {
    Work work = work(now);
    Answer answer = lane.offer(work, now);
    lane.opened(work, now);
    return answer;
  }

  private void serve(Lane lane, int count) {
    for (int served = 0; served < count; served++) {
      Work work = work(NOON);
      lane.opened(work, NOON);
      lane.learn(attempt(new Outcome.Accepted(200)), work, lane.receiver(), NOON);
      lane.closed(work);
    }
  }

  /** So many are open, of which some are answered and have no report yet. */
  private Lane full(int window, int answered) {
    Lane lane = lane(new Limits(window, null));
    serve(lane, window);
    for (int open = 0; open < window; open++) {
      Work work = work(NOON);
      lane.opened(work, NOON);
      if (open < answered) {
        lane.landed(work);
      }
    }
    return lane;
  }

  private List<Answer> offered(Lane lane, int count) {
    return Stream.generate(() -> lane.offer(work(NOON), NOON)).limit(count).toList();
  }

  private Work work(Instant now) {
    int offset = offsets++;
    return new Work(TestDeliveries.delivery("e" + offset, offset), new Nobodys(offsets++), now);
  }

  /** Routed by this worker, so its event's offset waits for it. */
  private Work handedOver(Instant now) {
    Work work = work(now);
    return new Work(work.delivery().at(Place.NOWHERE), work.claim(), now);
  }

  private static Work comeBack(Work work) {
    Decision.Parked full = new Decision.Parked(NOON, Decision.Why.FULL);
    return new Work(work.delivery().waiting(1, full), work.claim(), NOON);
  }

  private Work again(Instant now) {
    Decision.Parked retry = new Decision.Parked(now, Decision.Why.RETRY);
    return new Work(work(now).delivery().waiting(2, retry), new Nobodys(offsets++), now);
  }

  private static int opened(Lane lane, Work work, Instant now) {
    lane.opened(work, now);
    lane.closed(work);
    return 1;
  }

  /** One that has had fifty failures in ten seconds. */
  private Lane broken() {
    Lane lane = lane(Limits.DEFAULT);
    for (int failure = 0; failure < 50; failure++) {
      fail(lane, NOON.plusMillis(failure * 205L));
    }
    return lane;
  }

  private void fail(Lane lane, Instant now) {
    fail(lane, new Outcome.Rejected(500, null), now);
  }

  private void fail(Lane lane, Outcome outcome, Instant now) {
    Work work = work(now);
    lane.opened(work, now);
    lane.learn(attempt(outcome), work, lane.receiver(), now);
    lane.closed(work);
  }

  private static Attempt attempt(Outcome outcome) {
    return new Attempt(
        NOON, Duration.ofMillis(5), outcome, HeaderLines.NONE, HeaderLines.NONE, null);
  }

  private static Lane lane(Limits limits) {
    return lane(limits, 1);
  }

  private static Lane lane(Limits limits, int crowd) {
    return new Lane(receiver(limits, 1), RetryTiers.DEFAULT, new Flights(1), () -> crowd, NOON);
  }

  private static Receiver receiver(Limits limits, long version) {
    return new Receiver(TestDeliveries.destination(limits, version), null, null, Instant.MAX);
  }

  private static Answer paced(Instant until) {
    return new Answer.Park(new Decision.Parked(until, Decision.Why.PACED), null);
  }
}
