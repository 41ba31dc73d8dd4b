// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import java.time.Duration;

/**
 * How many are put off for lack of room, and for how long the next one is.
 *
 * <pre>
 *   wait = what the lane says, but at least a moment, and at least 2 ms for each that is put off already
 * </pre>
 *
 * So however many there are, they come back no faster than 500 a second, which is no load. Not
 * thread-safe: the dispatcher's thread owns it.
 */
final class Parking {

  private static final Duration APART = Duration.ofMillis(2);
  private static final Duration LONGEST_SPREAD = Duration.ofMinutes(30);

  private final Duration moment;
  private int count;

  /**
   * Nobody is put off.
   *
   * @param moment the shortest wait
   */
  Parking(Duration moment) {
    this.moment = moment;
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

  /** How long the one that was added last waits, when the lane says that long. */
  Duration waitOr(Duration usual) {
    Duration spread = shorter(APART.multipliedBy(count), LONGEST_SPREAD);
    return longer(moment, longer(usual, spread));
  }

  static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
