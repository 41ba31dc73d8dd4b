// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.retry.RetryTiers;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntSupplier;

/**
 * How many are put off for lack of room, and for how long the next one is.
 *
 * <pre>
 *   wait = what the lane says, but at least, for each that is put off and goes before, as long
 *          as the lane took for one in the last second or so, or 5 ms if that is less, or 1 ms
 *          for each lane that is putting off as well if that is more than 5;
 *          and then as little more as makes it three tiers at most
 * </pre>
 *
 * So however many there are, they come back as fast as a quick receiver takes them, or 200 a second
 * on average, which is little load; and each is written three times at most. Not thread-safe: the
 * dispatcher's thread owns it.
 */
final class Parking {

  private static final Duration FARTHEST_APART = Duration.ofMillis(5);
  private static final Duration FOR_EACH_LANE = Duration.ofMillis(1);
  private static final Duration MEASURED = Duration.ofSeconds(1);
  private static final int MOST_TIERS = 3;
  private static final Duration LONGEST_SPREAD = Duration.ofMinutes(30);

  private final RetryTiers tiers;
  private final IntSupplier lanes;
  private int count;
  private Instant newest = Instant.EPOCH;
  private Instant measuredSince;
  private int served;
  private Duration apart = FARTHEST_APART;

  /**
   * Nobody is put off.
   *
   * @param tiers that waits are made of
   * @param lanes how many lanes are putting off: they share what coming back may cost
   */
  Parking(RetryTiers tiers, IntSupplier lanes, Instant now) {
    this.tiers = tiers;
    this.lanes = lanes;
    this.measuredSince = now;
  }

  /** One more is put off. */
  void add(Instant now) {
    count++;
    newest = now;
  }

  /** One has come back. */
  void remove() {
    count = Math.max(0, count - 1);
  }

  /** Other partitions came or went: how many are put off is not known any more. */
  void forget() {
    count = 0;
  }

  /** The lane is done with one. */
  void served() {
    served++;
  }

  /** Whether one was put off in the last second, be it anew. */
  boolean goesOn(Instant now) {
    return newest.plus(MEASURED).isAfter(now);
  }

  /** How many are put off. */
  int count() {
    return count;
  }

  /** How long one waits that has so many before it, when the lane says that long. */
  Duration waitOr(int ahead, Duration usual, Instant now) {
    measure(now);
    Duration spread = shorter(apart.multipliedBy(ahead), LONGEST_SPREAD);
    return tiers.within(MOST_TIERS, longer(usual, spread));
  }

  private void measure(Instant now) {
    Duration measured = Duration.between(measuredSince, now);
    if (measured.compareTo(MEASURED) >= 0) {
      Duration share = FOR_EACH_LANE.multipliedBy(lanes.getAsInt());
      Duration farthest = longer(FARTHEST_APART, share);
      apart = shorter(measured.dividedBy(Math.max(served, 1)), farthest);
      measuredSince = now;
      served = 0;
    }
  }

  static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
