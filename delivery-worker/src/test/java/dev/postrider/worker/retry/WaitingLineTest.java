// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingLineTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

  private final WaitingLine<String> line = new WaitingLine<>(Duration.ofSeconds(30), SECOND);
  private final List<String> ready = new ArrayList<>();
  private final List<String> hopping = new ArrayList<>();

  @Test
  void handsOutAtTheDueTimeAndNeverEarlier() {
    line.add("a", NOON, NOON.plusSeconds(30));

    releaseAt(NOON.plusSeconds(30).minusMillis(1));
    assertThat(ready).isEmpty();
    assertThat(line.holdsUp()).isTrue();
    assertThat(line.next()).isEqualTo(NOON.plusSeconds(30));

    releaseAt(NOON.plusSeconds(30));
    assertThat(ready).containsExactly("a");
    assertThat(line.holdsUp()).isFalse();
  }

  @Test
  void sendsOnWhatHasLongerToWaitThanTheTier() {
    line.add("a", NOON, NOON.plusSeconds(32));

    releaseAt(NOON.plusSeconds(30));

    assertThat(hopping).containsExactly("a");
    assertThat(ready).isEmpty();
  }

  @Test
  void letsTheRestOfASecondHoldNobodyUp() {
    line.add("late", NOON, NOON.plusSeconds(30).plusMillis(900));
    line.add("early", NOON.plusMillis(100), NOON.plusSeconds(30).plusMillis(200));

    releaseAt(NOON.plusSeconds(30).plusMillis(200));
    assertThat(ready).containsExactly("early");
    assertThat(line.holdsUp()).isFalse();

    releaseAt(NOON.plusSeconds(30).plusMillis(900));
    assertThat(ready).containsExactly("early", "late");
  }

  @Test
  void letsWhoHasNotLongToWaitStayWhereThereIsRoomForIt() {
    line.add("a little", NOON, NOON.plusSeconds(33));
    line.add("long", NOON, NOON.plusSeconds(35));

    line.release(NOON.plusSeconds(30), FIVE_SECONDS, ready::add, (item, _) -> hopping.add(item));
    assertThat(hopping).containsExactly("long");
    assertThat(line.next()).isEqualTo(NOON.plusSeconds(33));

    releaseAt(NOON.plusSeconds(33));
    assertThat(ready).containsExactly("a little");
  }

  @Test
  void letsNoMoreStayThanAThousand() {
    for (int i = 0; i < 1_100; i++) {
      line.add("a little", NOON, NOON.plusSeconds(33));
    }
    for (int i = 0; i < 900; i++) {
      line.add("less than a second", NOON, NOON.plusSeconds(30).plusMillis(900));
    }

    line.release(NOON.plusSeconds(30), FIVE_SECONDS, ready::add, (item, _) -> hopping.add(item));

    assertThat(hopping).hasSize(100);
    assertThat(line.holdsUp()).isFalse();
  }

  /** Those of one tier have one delay; any other wait hops on and holds nobody up. */
  @Test
  void k9LetsAnHourLongWaitHoldUpNobodyBehindIt() {
    line.add("an hour", NOON, NOON.plusSeconds(3600));
    line.add("this tier's", NOON.plusMillis(1), NOON.plusSeconds(30).plusMillis(1));

    releaseAt(NOON.plusSeconds(30).plusMillis(1));

    assertThat(hopping).containsExactly("an hour");
    assertThat(ready).containsExactly("this tier's");
  }

  /** Due times are points in time: a clock set forward calls everything due that lies before it. */
  @Test
  void k20HandsOutNoMoreThanIsDueWhenTheClockIsSetForward() {
    line.add("soon", NOON, NOON.plusSeconds(30));
    line.add("later", NOON.plusSeconds(1), NOON.plusSeconds(1200));

    releaseAt(NOON.plus(TEN_MINUTES));

    assertThat(ready).containsExactly("soon");
    assertThat(hopping).containsExactly("later");
  }

  @Test
  void k20IsStuckNoLongerThanTheClockWasSetBack() {
    line.add("a", NOON, NOON.plusSeconds(30));

    releaseAt(NOON.minus(TEN_MINUTES));
    assertThat(ready).isEmpty();
    assertThat(line.next()).isEqualTo(NOON.plusSeconds(30));

    releaseAt(NOON.plusSeconds(30));
    assertThat(ready).containsExactly("a");
  }

  @Test
  void waitsForNothingWhenEmpty() {
    assertThat(line.next()).isEqualTo(Instant.MAX);
    assertThat(line.holdsUp()).isFalse();
  }

  private void releaseAt(Instant now) {
    line.release(now, Duration.ZERO, ready::add, (item, _) -> hopping.add(item));
  }
}
