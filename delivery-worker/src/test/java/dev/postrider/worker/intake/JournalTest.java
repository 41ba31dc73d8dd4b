// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static dev.postrider.worker.TestDeliveries.NOON;
import static dev.postrider.worker.TestDeliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivered;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.delivery.Run;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestRecords;
import dev.postrider.worker.intake.Journal.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class JournalTest {

  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
  private static final Decision.Parked RETRY =
      new Decision.Parked(NOON.plusSeconds(5), Decision.Why.RETRY);
  private static final Decision.Parked FULL =
      new Decision.Parked(NOON.plusSeconds(3), Decision.Why.FULL);

  private final Journal journal = new Journal(TEN_MINUTES, 1_000, NOON);

  @Test
  void admitsAnEventOnce() {
    assertThat(journal.admit(delivery("a", 1), NOON)).isEqualTo(new Finding.Fresh());
    assertThat(journal.admit(delivery("b", 2), NOON)).isEqualTo(new Finding.Fresh());
    assertThat(journal.admit(delivery("a", 1), NOON)).isEqualTo(new Finding.Known());
  }

  @Test
  void knowsTheSameEventPublishedAgainForTenMinutes() {
    journal.admit(delivery("a", 1), NOON);

    assertThat(journal.admit(delivery("a", 9), NOON.plus(TEN_MINUTES)))
        .isEqualTo(new Finding.Known());
  }

  @Test
  void admitsTheSameEventAgainTwoHoursLaterUnderTheSameId() {
    Delivery first = delivery("a", 1);
    Delivery later = delivery("a", 900);
    journal.admit(first, NOON);

    assertThat(journal.admit(later, NOON.plus(Duration.ofHours(2)))).isEqualTo(new Finding.Fresh());
    assertThat(later.id()).isEqualTo(first.id());
  }

  @Test
  void admitsADeliveryThatComesBackEachTimeItWasPutOff() {
    Delivery first = delivery("a", 1);
    journal.admit(first, NOON);

    assertThat(journal.admit(first.waiting(1, FULL), NOON)).isEqualTo(new Finding.Fresh());
    assertThat(journal.admit(first.waiting(2, RETRY), NOON)).isEqualTo(new Finding.Fresh());
    assertThat(journal.admit(first.waiting(2, RETRY), NOON)).isEqualTo(new Finding.Known());
  }

  @Test
  void doesNotRepeatWhatWasDeliveredBeforeACrash() {
    Delivery delivered = delivery("a", 1);
    journal.remember(
        attempted(delivered, new Decision.Finished(DeliveryState.DELIVERED)), true, NOON);

    assertThat(journal.admit(delivered, NOON)).isEqualTo(new Finding.Known());
  }

  @Test
  void k5FollowsNoRetryOfWhatAnotherWorkerHasDelivered() {
    Report end = attempted(delivery("a", 1), new Decision.Finished(DeliveryState.DELIVERED));
    Report late = attempted(delivery("a", 1), RETRY);
    Report early = attempted(delivery("b", 2), RETRY);
    Report then = attempted(delivery("b", 2), new Decision.Finished(DeliveryState.DELIVERED));
    Stream.of(end, late, early, then).forEach(report -> journal.remember(report, true, NOON));

    assertThat(journal.admit(delivery("a", 1), NOON)).isEqualTo(new Finding.Known());
    assertThat(journal.admit(delivery("b", 2), NOON)).isEqualTo(new Finding.Known());
  }

  @Test
  void k5FollowsNoRetryWhereAHeaderSaysThatAnotherWorkerHasDelivered() {
    Report late = attempted(delivery("a", 1), RETRY);
    journal.remember(accepted(delivery("a", 1)), true, NOON);
    journal.remember(late, true, NOON);
    journal.remember(attempted(delivery("b", 2), RETRY), true, NOON);
    journal.remember(accepted(delivery("b", 2)), true, NOON);

    assertThat(journal.admit(delivery("a", 1), NOON)).isEqualTo(new Finding.Known());
    assertThat(journal.admit(delivery("b", 2), NOON)).isEqualTo(new Finding.Known());
    assertThat(journal.hasUnfollowed()).isFalse();
  }

  @Test
  void knowsAsMuchByTheHeaderAsByTheReport() {
    journal.remember(accepted(delivery("a", 1)), false, NOON);

    assertThat(journal.admit(delivery("a", 1), NOON)).isEqualTo(new Finding.Known());
    assertThat(journal.admit(delivery("a", 1).waiting(1, FULL), NOON))
        .isEqualTo(new Finding.Known());
    assertThat(journal.admit(delivery("a", 1).waiting(2, RETRY), NOON))
        .isEqualTo(new Finding.Fresh());
  }

  @Test
  void remembersOnceWhatMustStillFollowFromAReport() {
    Delivery failed = delivery("a", 1);
    Report report = attempted(failed, RETRY);
    journal.remember(report, true, NOON);

    assertThat(journal.admit(failed, NOON)).isEqualTo(new Finding.Reported(report));
    assertThat(journal.admit(failed, NOON)).isEqualTo(new Finding.Known());
  }

  @Test
  void followsWhatWasHandedOverThoughItComesBackInAPlaceOfTheOrder() {
    Delivery handedOver = delivery("a", 1).at(Place.NOWHERE.after(Place.NOBODY));
    Report report = attempted(handedOver, RETRY);
    journal.remember(report, true, NOON);

    assertThat(journal.admit(delivery("a", 1).at(new Place(7, null)), NOON))
        .isEqualTo(new Finding.Reported(report));
  }

  @Test
  void takesAnEventPublishedAgainAfterACrashForKnownWhateverFollowedTheFirst() {
    journal.remember(attempted(delivery("a", 1), RETRY), true, NOON);

    assertThat(journal.admit(delivery("a", 2), NOON)).isEqualTo(new Finding.Known());
  }

  @Test
  void dropsASecondScheduleOfAnAttemptThatWasMade() {
    Delivery second = delivery("a", 1).waiting(2, RETRY);
    journal.remember(attempted(second, new Decision.Finished(DeliveryState.DELIVERED)), true, NOON);

    Decision.Parked otherTime = new Decision.Parked(NOON.plusSeconds(6), Decision.Why.RETRY);
    assertThat(journal.admit(delivery("a", 1).waiting(2, otherTime), NOON))
        .isEqualTo(new Finding.Known());
  }

  @Test
  void stillSendsWhatWasOnlyPutOffBeforeACrash() {
    Delivery full = delivery("a", 1);
    Report report = Report.of(full, null, FULL, NOON);
    journal.remember(report, true, NOON);

    assertThat(journal.admit(full, NOON)).isEqualTo(new Finding.Reported(report));
    assertThat(journal.admit(full.waiting(1, FULL), NOON)).isEqualTo(new Finding.Fresh());
  }

  @Test
  void forgetsWhatShouldFollowWhenNobodyCanAskAnyMore() {
    Delivery failed = delivery("a", 1);
    journal.remember(attempted(failed, RETRY), true, NOON);
    assertThat(journal.hasUnfollowed()).isTrue();

    journal.forgetUnfollowed();

    assertThat(journal.hasUnfollowed()).isFalse();
    assertThat(journal.admit(failed, NOON)).isEqualTo(new Finding.Known());
  }

  @Test
  void dropsWhatWaitsOfAnOlderRunOnceANewerWasOrdered() {
    Delivery waiting = delivery("a", 1).waiting(2, RETRY);
    Delivery retried = ordered(waiting, 17, Run.Purpose.REPLACE);

    assertThat(journal.admit(retried, NOON)).isEqualTo(new Finding.Fresh());
    assertThat(journal.admit(waiting, NOON)).isEqualTo(new Finding.Known());
    assertThat(journal.admit(retried.waiting(3, RETRY), NOON)).isEqualTo(new Finding.Fresh());
    assertThat(journal.admit(ordered(waiting, 18, Run.Purpose.CANCEL), NOON))
        .isEqualTo(new Finding.Fresh());
    assertThat(journal.admit(retried.waiting(4, FULL), NOON)).isEqualTo(new Finding.Known());
  }

  @Test
  void knowsAfterAnAssignmentWhatWasOrderedBefore() {
    Delivery waiting = delivery("a", 1).waiting(2, RETRY);
    ProducerRecord<byte[], byte[]> written =
        Runs.write(0, ordered(waiting, 17, Run.Purpose.CANCEL), NOON);
    journal.rememberRun(TestRecords.read(written, 0, 0), NOON.plus(Duration.ofDays(7)));

    assertThat(journal.admit(waiting, NOON)).isEqualTo(new Finding.Known());
    assertThat(journal.admit(delivery("b", 2).waiting(2, RETRY), NOON))
        .isEqualTo(new Finding.Fresh());
  }

  @Test
  void forgetsAnOrderWhenNothingOlderCanBeWaiting() {
    Delivery waiting = delivery("a", 1).waiting(2, RETRY);
    Delivery other = delivery("b", 2).waiting(2, RETRY);
    journal.admit(ordered(waiting, 17, Run.Purpose.REPLACE), NOON);

    Instant later = NOON.plus(Topics.RUNS_KEPT).plusSeconds(1);
    journal.admit(ordered(other, 18, Run.Purpose.REPLACE), later);

    assertThat(journal.admit(waiting, later)).isEqualTo(new Finding.Fresh());
  }

  @Test
  void knowsAnOrderThatIsWrittenTwiceButNotWhatItPutsOff() {
    Decision.Parked atOnce = new Decision.Parked(Delivery.AT_ONCE, Decision.Why.RETRY);
    Delivery order = ordered(delivery("a", 1).waiting(2, atOnce), 17, Run.Purpose.REPLACE);

    assertThat(journal.admit(order, NOON)).isEqualTo(new Finding.Fresh());
    assertThat(journal.admit(order, NOON)).isEqualTo(new Finding.Known());
    assertThat(journal.admit(order.waiting(2, FULL), NOON)).isEqualTo(new Finding.Fresh());
  }

  @Test
  void sendsAgainWhatSomebodyReplaysAndOnceOnly() {
    Delivery first = delivery("a", 1);
    journal.admit(first, NOON);
    journal.remember(attempted(first, new Decision.Finished(DeliveryState.DELIVERED)), true, NOON);
    Delivery replayed = ordered(first, 17, Run.Purpose.SEND);

    assertThat(journal.admit(replayed, NOON)).isEqualTo(new Finding.Fresh());
    assertThat(journal.admit(replayed, NOON)).isEqualTo(new Finding.Known());
    assertThat(journal.admit(ordered(first, 18, Run.Purpose.SEND), NOON))
        .isEqualTo(new Finding.Fresh());
  }

  private static Delivery ordered(Delivery delivery, long number, Run.Purpose purpose) {
    return delivery.in(new Run(number, 1, purpose));
  }

  private static Delivered accepted(Delivery delivery) {
    return Delivered.of(attempted(delivery, new Decision.Finished(DeliveryState.DELIVERED)))
        .orElseThrow();
  }

  private static Report attempted(Delivery delivery, Decision decision) {
    Outcome outcome = new Outcome.Rejected(500, null);
    Attempt attempt =
        new Attempt(NOON, Duration.ZERO, outcome, HeaderLines.NONE, HeaderLines.NONE, null);
    return Report.of(delivery, attempt, decision, NOON);
  }
}
