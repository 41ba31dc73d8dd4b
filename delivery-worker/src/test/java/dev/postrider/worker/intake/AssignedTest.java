// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static dev.postrider.worker.TestDeliveries.NOON;
import static dev.postrider.worker.TestDeliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.wire.Topics;
import dev.postrider.worker.intake.Assigned.Held;
import dev.postrider.worker.retry.WaitingLine;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AssignedTest {

  private static final int LARGEST = 256 * 1024;

  private final WaitingLine<Held> line =
      new WaitingLine<>(Duration.ofSeconds(5), Duration.ofSeconds(1));
  private final Assigned partition =
      new Assigned(new TopicPartition(Topics.DELIVERIES, 0), 7, new Lease(() -> 0), line);

  @Test
  void isFullOfAFewLargePayloads() {
    for (long offset = 7; offset < 7 + 16; offset++) {
      take(offset, LARGEST);
      assertThat(partition.full()).isFalse();
    }

    take(23, 1);

    assertThat(partition.full()).isTrue();
  }

  @Test
  void goesOnWhenHalfOfTheLargePayloadsHaveSettled() {
    OffsetLedger.Entry half = take(7, 8 * LARGEST);
    OffsetLedger.Entry more = take(8, LARGEST);
    take(9, 8 * LARGEST);
    partition.paused(true);

    half.settle();
    assertThat(partition.full()).isTrue();
    more.settle();

    assertThat(partition.full()).isFalse();
  }

  @Test
  void countsLargePayloadsThatAreNotDue() {
    partition.ledger().take(7, 17 * LARGEST, NOON);

    assertThat(partition.full()).isTrue();
  }

  @Test
  void isRoomyWithLessThanHalfOfThatWhatIsBesidePayloadsIncluded() {
    take(7, 8 * LARGEST - 2048);
    assertThat(partition.roomy()).isTrue();

    take(8, 1);

    assertThat(partition.roomy()).isFalse();
    assertThat(partition.full()).isFalse();
  }

  @Test
  void isCrowdedWhileMuchLiesAboveWhatIsCommitted() {
    take(7, 1).settle();
    take(7 + Assigned.FURTHEST_HANDED_OVER, 1).settle();
    assertThat(partition.crowded()).isTrue();

    partition.committed(8);

    assertThat(partition.crowded()).isFalse();
  }

  @Test
  void hasHandedOutWhatLayThereOnceAllWasRead() {
    partition.inherit(NOON, 9);
    take(7, 1);
    assertThat(partition.handedOut()).isFalse();

    take(8, 1);

    assertThat(partition.handedOut()).isTrue();
  }

  @Test
  void hasHandedOutWhatWasDueOnceItStandsBeforeOneThatIsNot() {
    partition.inherit(NOON, 900);
    Instant due = NOON.plusSeconds(5);
    line.add(new Held(delivery("a", 7), take(7, 1)), NOON, due);
    assertThat(partition.handedOut()).isTrue();

    line.release(due, Duration.ZERO, _ -> {}, (_, _) -> {});

    assertThat(partition.handedOut()).isFalse();
  }

  private OffsetLedger.Entry take(long offset, int length) {
    OffsetLedger.Entry entry = partition.ledger().take(offset, length, NOON);
    entry.release(NOON);
    return entry;
  }
}
