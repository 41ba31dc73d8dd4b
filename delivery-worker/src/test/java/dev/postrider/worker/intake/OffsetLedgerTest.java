// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.worker.dispatch.Claim;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OffsetLedgerTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final OffsetLedger ledger = new OffsetLedger(7, new Lease(() -> 0));

  @Test
  void startsWhereThePartitionStands() {
    assertThat(ledger.watermark()).isEqualTo(7);
  }

  @Test
  void staysBelowTheFirstThatHasNotSettled() {
    OffsetLedger.Entry seven = take(7);
    OffsetLedger.Entry eight = take(8);
    OffsetLedger.Entry nine = take(9);

    nine.settle();
    seven.settle();
    assertThat(ledger.watermark()).isEqualTo(8);

    eight.settle();
    assertThat(ledger.watermark()).isEqualTo(10);
  }

  @Test
  void isNotStoppedByGapsInOffsets() {
    take(7).settle();
    take(12).settle();

    assertThat(ledger.watermark()).isEqualTo(13);
  }

  @Test
  void isNotStoppedByWhatIsNoRecordAtTheEnd() {
    take(7).settle();

    ledger.readUpTo(9);

    assertThat(ledger.watermark()).isEqualTo(9);
  }

  @Test
  void neverPassesAnUnsettledRecordWhateverTheOrder() {
    Random random = new Random(42);
    List<OffsetLedger.Entry> open = new ArrayList<>();
    List<Long> unsettled = new ArrayList<>();
    for (long offset = 7; offset < 507; offset++) {
      open.add(take(offset));
      unsettled.add(offset);
    }
    while (!open.isEmpty()) {
      int any = random.nextInt(open.size());
      open.remove(any).settle();
      unsettled.remove(any);
      assertThat(ledger.watermark()).isEqualTo(unsettled.stream().min(Long::compare).orElse(507L));
    }
  }

  @Test
  void countsAnEntryOnceHoweverOftenItSettles() {
    OffsetLedger.Entry entry = take(7);

    entry.settle();
    entry.settle();

    assertThat(ledger.unsettled()).isZero();
    assertThat(ledger.unsettledLength()).isZero();
  }

  @Test
  void k7DoesNotStartAgainWhatHasSettled() {
    OffsetLedger.Entry entry = take(7);
    entry.start();
    entry.settle();

    assertThat(entry.start()).isFalse();
    assertThat(ledger.watermark()).isEqualTo(8);
  }

  @Test
  void doesNothingForARecordThatWasWithdrawn() {
    OffsetLedger.Entry started = take(7);
    OffsetLedger.Entry waiting = take(8);

    assertThat(started.start()).isTrue();
    ledger.withdraw();

    assertThat(waiting.start()).isFalse();
    assertThat(ledger.busy()).isTrue();
    started.settle();
    assertThat(ledger.busy()).isFalse();
    assertThat(ledger.watermark()).isEqualTo(8);
  }

  @Test
  void staysBelowARecordUntilAllHaveSettledThatItHasBecome() {
    List<Claim> parts = take(7).split(3);
    parts.forEach(Claim::start);
    assertThat(ledger.unsettled()).isEqualTo(3);

    parts.get(2).settle();
    parts.get(0).settle();
    parts.get(0).settle();
    assertThat(ledger.watermark()).isEqualTo(7);
    assertThat(ledger.busy()).isTrue();

    parts.get(1).settle();
    assertThat(ledger.watermark()).isEqualTo(8);
    assertThat(ledger.busy()).isFalse();
    assertThat(ledger.unsettled()).isZero();
  }

  @Test
  void startsNoPartOfARecordThatWasWithdrawnAndWaitsForThoseStarted() {
    List<Claim> parts = take(7).split(2);
    assertThat(parts.get(0).start()).isTrue();
    ledger.withdraw();

    assertThat(parts.get(1).start()).isFalse();
    assertThat(ledger.busy()).isTrue();
    parts.get(0).settle();
    assertThat(ledger.busy()).isFalse();
    assertThat(ledger.watermark()).isEqualTo(7);
  }

  @Test
  void k4HoldsNothingAnyMoreThatWasGivenAway() {
    OffsetLedger.Entry started = take(7);
    started.start();
    assertThat(started.held()).isTrue();

    ledger.giveAway();

    assertThat(started.held()).isFalse();
  }

  @Test
  void knowsSinceWhenSomethingMayHaveBeenDone() {
    OffsetLedger.Entry waiting = ledger.take(7, 1, NOON);
    assertThat(ledger.since(NOON)).isEqualTo(NOON);

    waiting.release(NOON.minusSeconds(5));

    assertThat(ledger.since(NOON)).isEqualTo(NOON.minusSeconds(5));
  }

  @Test
  void knowsWhenTheFirstWasWrittenThatHasNotSettled() {
    assertThat(ledger.oldest()).isNull();
    OffsetLedger.Entry first = ledger.take(7, 1, NOON.minusSeconds(60));
    ledger.take(8, 1, NOON);
    assertThat(ledger.oldest()).isEqualTo(NOON.minusSeconds(60));

    first.settle();

    assertThat(ledger.oldest()).isEqualTo(NOON);
  }

  private OffsetLedger.Entry take(long offset) {
    OffsetLedger.Entry entry = ledger.take(offset, 100, NOON);
    entry.release(NOON);
    return entry;
  }
}
