// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.retry.RetryTiers;
import java.time.Duration;

/**
 * How many are put off for lack of room, and for how long the next one is.
 *
 * <pre>
 *   wait = what the lane says, but at least 2 ms for each that is put off and goes before,
 *          and then as little more as makes it three tiers at most
 * </pre>
 *
 * So however many there are, they come back no faster than 500 a second on average, which is no
 * load, and each is written three times at most. Not thread-safe: the dispatcher's thread owns it.
 */
final class Parking {

  private static final Duration APART = Duration.ofMillis(2);
  private static final int MOST_TIERS = 3;
  private static final Duration LONGEST_SPREAD = Duration.ofMinutes(30);

  private final RetryTiers tiers;
  private int count;

  /**
   * Nobody is put off.
   *
   * @param tiers that waits are made of
   */
  Parking(RetryTiers tiers) {
    this.tiers = tiers;
  }

  /** One more is put off. */
  void add() {
    count++;
  }

  /** One has come back. */
  void remove() {
    count = Math.max(0, count - 1);
  }

  /** Other partitions came or went: how many are put off is not known any more. */
  void forget() {
    count = 0;
  }

  /** How many are put off. */
  int count() {
    return count;
  }

  /** How long one waits that has so many before it, when the lane says that long. */
  Duration waitOr(int ahead, Duration usual) {
    Duration spread = shorter(APART.multipliedBy(ahead), LONGEST_SPREAD);
    return tiers.within(MOST_TIERS, longer(usual, spread));
  }

  static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
