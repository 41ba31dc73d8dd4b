// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static dev.postrider.worker.TestDeliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AssignmentTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final TopicPartition DELIVERIES = new TopicPartition(Topics.DELIVERIES, 0);
  private static final TopicPartition EVENTS = new TopicPartition(Topics.EVENTS, 0);
  private static final TopicPartition EVENTS_OF_ANOTHER = new TopicPartition(Topics.EVENTS, 1);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final Map<Integer, Instant> needed = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> former = new HashMap<>();
  private final List<Report> reports = new ArrayList<>();
  private boolean readable = true;

  private final Assignment assignment =
      new Assignment(
          consumer,
          new Past(),
          new Lease(() -> 0),
          new Topics(1, 1, RetryTiers.DEFAULT),
          new Beginning(consumer, () -> former),
          Duration.ofMinutes(10),
          _ -> {},
          Clock.fixed(NOON, ZoneOffset.UTC));

  private final class Past implements Assignment.Past {
    @Override
    public Map<DestinationId, Backlog> read(
        Map<Integer, Instant> since, Instant remembered, OutcomeTail.Memory memory) {
      if (!readable) {
        throw new KafkaException("outcomes cannot be read");
      }
      needed.putAll(since);
      reports.forEach(report -> memory.report(0, report));
      return Map.of();
    }

    @Override
    public void goOn() {}

    @Override
    public void forget() {}
  }

  @BeforeEach
  void partitions() {
    consumer.assign(List.of(DELIVERIES, EVENTS, EVENTS_OF_ANOTHER)); // or it would know no commit
    consumer.updatePartitions(
        Topics.EVENTS,
        List.of(
            new PartitionInfo(Topics.EVENTS, 0, null, null, null),
            new PartitionInfo(Topics.EVENTS, 1, null, null, null)));
    consumer.updateBeginningOffsets(Map.of(DELIVERIES, 0L, EVENTS, 0L));
    ends(5, 0, 0);
    committed(DELIVERIES, 5, NOON.minusSeconds(600));
  }

  private void ends(long deliveries, long events, long eventsOfAnother) {
    consumer.updateEndOffsets(
        Map.of(DELIVERIES, deliveries, EVENTS, events, EVENTS_OF_ANOTHER, eventsOfAnother));
  }

  private void committed(TopicPartition partition, long offset, Instant since) {
    consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset, since.toString())));
  }

  private OffsetAndMetadata commitOf(TopicPartition partition) {
    return Objects.requireNonNull(consumer.committed(Set.of(partition)).get(partition));
  }

  @Test
  void servesNothingWhosePastItCouldNotReadAndAsksForItAnew() {
    readable = false;

    assertThatThrownBy(() -> assignment.onPartitionsAssigned(List.of(DELIVERIES)))
        .isInstanceOf(KafkaException.class);

    assertThat(assignment.all()).isEmpty();
    assertThat(consumer.shouldRebalance()).isTrue();
  }

  @Test
  void readsBackToWhatMayHaveBeenHandedOverThoughNothingLiesInDeliveries() {
    assignment.onPartitionsAssigned(List.of(DELIVERIES, EVENTS));

    assertThat(needed).containsOnly(Map.entry(0, NOON.minusSeconds(600)));
  }

  @Test
  void followsWhatWasDecidedByAClockThatIsAMinuteBehind() {
    Report within = retryDecided(delivery("within", 1), NOON.minusSeconds(659));
    Report beyond = retryDecided(delivery("beyond", 1), NOON.minusSeconds(661));
    reports.addAll(List.of(within, beyond));
    committed(EVENTS_OF_ANOTHER, 7, NOON.minusSeconds(600));
    ends(5, 0, 9);

    assignment.onPartitionsAssigned(List.of(DELIVERIES, EVENTS));

    Assigned deliveries = Objects.requireNonNull(assignment.find(Topics.DELIVERIES, 0));
    assertThat(assignment.admit(deliveries, delivery("within", 1), NOON))
        .isInstanceOf(Journal.Finding.Reported.class);
    assertThat(assignment.admit(deliveries, delivery("beyond", 1), NOON))
        .isEqualTo(new Journal.Finding.Known());
  }

  private static Report retryDecided(Delivery delivery, Instant at) {
    Attempt attempt =
        new Attempt(
            at,
            Duration.ZERO,
            new Outcome.Rejected(500, null),
            HeaderLines.NONE,
            HeaderLines.NONE,
            null);
    Decision retry = new Decision.Parked(NOON, Decision.Why.RETRY);
    return Report.of(delivery, attempt, retry, at);
  }

  @Test
  void saysForDeliveriesSinceWhenAnEventIsOpen() {
    assignment.onPartitionsAssigned(List.of(DELIVERIES, EVENTS));
    assignment.followEvents();
    OffsetLedger ledger = Objects.requireNonNull(assignment.find(Topics.EVENTS, 0)).ledger();
    OffsetLedger.Entry open = ledger.take(0, 1, NOON);
    open.release(NOON.minusSeconds(5));
    ledger.take(1, 1, NOON);

    assignment.commit(true);
    assertThat(commitOf(DELIVERIES).metadata()).isEqualTo(NOON.minusSeconds(5).toString());

    open.settle();
    assignment.commit(false);
    assertThat(commitOf(EVENTS).offset()).isEqualTo(1);
    assertThat(commitOf(DELIVERIES).metadata()).isEqualTo(NOON.toString());
  }

  @Test
  void repeatsSinceWhenTheOneBeforeHadEventsOpenUntilTheyArePastAndWhatCameOfThemIsRead() {
    ends(5, 0, 9);
    committed(EVENTS_OF_ANOTHER, 7, NOON);
    assignment.onPartitionsAssigned(List.of(DELIVERIES, EVENTS));
    Assigned deliveries = Objects.requireNonNull(assignment.find(Topics.DELIVERIES, 0));

    assignment.followEvents();
    assignment.commit(true);
    assertThat(commitOf(DELIVERIES).metadata()).isEqualTo(NOON.minusSeconds(600).toString());
    assertThat(deliveries.handedOut()).isFalse();

    committed(EVENTS_OF_ANOTHER, 9, NOON);
    ends(6, 0, 11);
    assignment.followEvents();
    assignment.commit(true);
    assertThat(commitOf(DELIVERIES).metadata()).isEqualTo(NOON.minusSeconds(600).toString());
    assertThat(deliveries.handedOut()).isFalse();

    deliveries.ledger().take(5, 1, NOON).settle();
    assignment.commit(true);
    assertThat(commitOf(DELIVERIES).metadata()).isEqualTo(NOON.toString());
    assertThat(deliveries.handedOut()).isTrue();
  }

  @Test
  void readsBackToWhatMayHaveBeenDoneAboveAnEventThatIsOpen() {
    ends(5, 0, 9);
    committed(EVENTS_OF_ANOTHER, 7, NOON.minusSeconds(3600));

    assignment.onPartitionsAssigned(List.of(DELIVERIES, EVENTS));

    assertThat(needed).containsOnly(Map.entry(0, NOON.minusSeconds(3600)));
  }

  @Test
  void waitsForNoMoreOfABacklogThanCanHaveBeenHandedOver() {
    ends(5, 0, 1_000_000);
    committed(EVENTS_OF_ANOTHER, 7, NOON);
    assignment.onPartitionsAssigned(List.of(DELIVERIES, EVENTS));
    Assigned deliveries = Objects.requireNonNull(assignment.find(Topics.DELIVERIES, 0));
    deliveries.ledger().readUpTo(5);

    committed(EVENTS_OF_ANOTHER, 7 + Assigned.FURTHEST_HANDED_OVER, NOON);
    assignment.followEvents();
    assertThat(deliveries.handedOut()).isFalse();

    committed(EVENTS_OF_ANOTHER, 8 + Assigned.FURTHEST_HANDED_OVER, NOON);
    assignment.followEvents();
    assertThat(deliveries.handedOut()).isTrue();
  }

  @Test
  void saysNothingOfTheOneBeforeOnceItIsPastWhatHeCanHaveHandedOver() {
    ends(5, 1_000_000, 0);
    committed(EVENTS, 0, NOON.minusSeconds(3600));
    assignment.onPartitionsAssigned(List.of(DELIVERIES, EVENTS));
    OffsetLedger events = Objects.requireNonNull(assignment.find(Topics.EVENTS, 0)).ledger();

    assignment.commit(true);
    assertThat(commitOf(EVENTS).metadata()).isEqualTo(NOON.minusSeconds(3600).toString());

    events.take(Assigned.FURTHEST_HANDED_OVER, 1, NOON).settle();
    assignment.commit(true);
    assertThat(commitOf(EVENTS).metadata()).isEqualTo(NOON.toString());
  }

  @Test
  void goesOnWhereEventsWereReadByTheGroupThatDidSoFormerly() {
    ends(5, 40, 0);
    former.put(EVENTS, new OffsetAndMetadata(37));

    assignment.onPartitionsAssigned(List.of(DELIVERIES, EVENTS));

    assertThat(consumer.position(EVENTS)).isEqualTo(37);
    assertThat(commitOf(EVENTS).offset()).isEqualTo(37);
  }
}
