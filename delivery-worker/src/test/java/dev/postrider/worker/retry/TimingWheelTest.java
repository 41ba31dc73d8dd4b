// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.retry.RetryPolicy;
import dev.postrider.model.retry.RetryTiers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A delivery hops from tier to tier in virtual time: time jumps to whatever is due next. */
class TimingWheelTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final RetryTiers TIERS = RetryTiers.DEFAULT;

  private final List<String> way = new ArrayList<>();
  private Instant now = NOON;
  private Duration stay = Duration.ZERO;

  @ParameterizedTest
  @CsvSource({"1,PT5S", "2,PT5M", "3,PT30M"})
  void bringsAnAttemptBackAfterTheDefaultWaitGiveOrTakeAFifth(int attempts, Duration expected) {
    Random random = new Random(11);
    for (int round = 0; round < 200; round++) {
      now = NOON;
      Duration wait = RetryPolicy.DEFAULT.waitAfter(attempts, null, random).orElseThrow();

      comeBackAt(NOON.plus(wait));

      assertThat(now).isEqualTo(NOON.plus(wait));
      assertThat(Duration.between(NOON, now))
          .isBetween(expected.multipliedBy(4).dividedBy(5), expected.multipliedBy(6).dividedBy(5));
    }
  }

  @Test
  void makesAnOddWaitOfTheLongestTiersThatFit() {
    comeBackAt(NOON.plus(Duration.ofMinutes(45)).plusMillis(300));

    assertThat(way).containsExactly("10m", "10m", "10m", "10m", "2m", "2m", "30s", "30s");
    assertThat(now).isEqualTo(NOON.plus(Duration.ofMinutes(45)).plusMillis(300));
  }

  @Test
  void needsNoHopForTheLastSecondsWhereThereIsRoomToStay() {
    stay = Duration.ofSeconds(5);

    comeBackAt(NOON.plusSeconds(58));

    assertThat(way).containsExactly("30s", "5s", "5s", "5s", "5s", "5s");
    assertThat(now).isEqualTo(NOON.plusSeconds(58));
  }

  private void comeBackAt(Instant due) {
    Instant from = now;
    boolean[] back = {false};
    while (!back[0]) {
      RetryTiers.Tier tier = TIERS.fitting(Duration.between(from, due));
      way.add(tier.label());
      WaitingLine<String> line = new WaitingLine<>(tier.delay(), TIERS.shortest().delay());
      line.add("delivery", from, due);
      List<Instant> hops = new ArrayList<>();
      while (!back[0] && hops.isEmpty()) {
        now = line.next();
        line.release(now, stay, _ -> back[0] = true, (_, left) -> hops.add(left));
      }
      from = hops.isEmpty() ? from : hops.getFirst();
    }
  }
}
