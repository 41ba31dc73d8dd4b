// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentKeysTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  private final RecentKeys keys = new RecentKeys(TEN_MINUTES, 1_000_000, NOON);

  @Test
  void knowsAKeyForTenMinutesAtLeastAndTwentyAtMost() {
    UUID key = UUID.randomUUID();
    assertThat(keys.add(key, NOON.plusSeconds(599))).isTrue();

    assertThat(keys.contains(key, NOON.plusSeconds(599).plus(TEN_MINUTES))).isTrue();
    assertThat(keys.contains(key, NOON.plusSeconds(1200))).isFalse();
  }

  @Test
  void forgetsEverythingAfterALongSilence() {
    UUID key = UUID.randomUUID();
    keys.add(key, NOON);

    assertThat(keys.add(key, NOON.plus(Duration.ofHours(2)))).isTrue();
  }

  @Test
  void holdsAHundredThousandKeysApart() {
    for (long low = 0; low < 100_000; low++) {
      assertThat(keys.add(new UUID(1, low), NOON)).isTrue();
    }
    for (long low = 0; low < 100_000; low++) {
      assertThat(keys.add(new UUID(1, low), NOON)).isFalse();
    }
    assertThat(keys.contains(new UUID(2, 5), NOON)).isFalse();
  }

  @Test
  void forgetsTheOldestBeforeTheirTimeWhenThereAreTooMany() {
    RecentKeys few = new RecentKeys(TEN_MINUTES, 100, NOON);

    for (long low = 1; low <= 1_000; low++) {
      assertThat(few.add(new UUID(1, low), NOON)).isTrue();
      assertThat(few.contains(new UUID(1, Math.max(1, low - 99)), NOON)).isTrue();
    }

    assertThat(few.contains(new UUID(1, 800), NOON)).isFalse();
  }

  @Test
  void takesNoMoreMemoryThanItIsGiven() {
    int most = RecentKeys.mostWithin(1 << 20);

    assertThat(most).isEqualTo((1 << 16) * 2 / 3);
    assertThat(RecentKeys.mostWithin((1 << 21) - 1)).isEqualTo(most);
    assertThat(RecentKeys.mostWithin(0)).isPositive();
    assertThat(RecentKeys.mostWithin(Long.MAX_VALUE)).isPositive();
  }
}
