// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A worker that stood still does nothing more for what it held (HARDENING K5). */
class LeaseTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final Lease lease = new Lease(nanos::get);
  private final OffsetLedger ledger = new OffsetLedger(7, lease);

  @Test
  void k5StartsNothingAfterStandingStillForMostOfTheSession() {
    OffsetLedger.Entry before = take(7);
    OffsetLedger.Entry held = take(8);
    assertThat(before.start()).isTrue();

    pass(Duration.ofSeconds(4));

    assertThat(held.start()).isFalse();
    assertThat(before.held()).isFalse();
    before.settle();
    assertThat(ledger.watermark()).isEqualTo(8);
  }

  @Test
  void k5DoesNotStartLaterWhatItRefusedOnce() {
    OffsetLedger.Entry held = take(7);
    pass(Duration.ofSeconds(10));
    assertThat(held.start()).isFalse();

    lease.renew();

    assertThat(held.start()).isFalse();
    assertThat(ledger.watermark()).isEqualTo(7);
  }

  @Test
  void k5HoldsAsLongAsRoundsFollowEachOther() {
    for (int round = 0; round < 100; round++) {
      pass(Duration.ofSeconds(3));
      assertThat(lease.holds()).isTrue();
      lease.renew();
    }
  }

  @Test
  void k5LapsesBeforeAnotherWorkerCanTakeOver() {
    pass(Lease.SESSION_TIMEOUT.minus(Lease.HEARTBEAT_INTERVAL));

    assertThat(lease.holds()).isFalse();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private OffsetLedger.Entry take(long offset) {
    OffsetLedger.Entry entry = ledger.take(offset, 100, NOON);
    entry.release(NOON);
    return entry;
  }
}
