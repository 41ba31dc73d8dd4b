// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.destination.Limits;
import dev.postrider.model.retry.RetryPolicy;
import java.time.Duration;
import java.time.Instant;

/**
 * How fast one destination is served. One mechanism, two bounds:
 *
 * <pre>
 *   window     starts at 4; +1 for each success; halved on timeout, 429 and 503; 1 ≤ window ≤ max_in_flight
 *   next slot  with requests_per_second r: max(now, next slot) + 1/r  (GCRA without a burst)
 * </pre>
 *
 * By Little's law a lane with this window serves window ÷ latency requests a second; from that
 * follows how long the next in line will wait. A window that was never halved doubles with every
 * round trip, so the expectation counts on the configured maximum then. The latency is a moving
 * average, or the age of the oldest open request if that is more, so that a receiver that hangs is
 * noticed before its first timeout. Not thread-safe: the dispatcher's thread owns it.
 */
final class Pace {

  private static final int FIRST_WINDOW = 4;
  private static final double WEIGHT_OF_NEWEST = 0.2;
  private static final Duration FIRST_GUESS = Duration.ofMillis(5);

  private double window = FIRST_WINDOW;
  private double latencyMillis = FIRST_GUESS.toMillis();
  private boolean halved;
  private Limits limits;
  private Instant nextSlot;
  private Instant heldUntil;

  Pace(Limits limits, Instant now) {
    this.limits = limits;
    this.nextSlot = now;
    this.heldUntil = now;
    limitTo(limits);
  }

  /** The destination's limits have changed. */
  void limitTo(Limits newest) {
    limits = newest;
    window = Math.min(window, limits.maxInFlight());
  }

  /** How many requests may be open now. */
  int window() {
    return (int) window;
  }

  /**
   * When the next request may begin.
   *
   * @param ownsSlot whether it was given a slot before, so that only a hold concerns it
   */
  Instant earliest(boolean ownsSlot) {
    return ownsSlot || heldUntil.isAfter(nextSlot) ? heldUntil : nextSlot;
  }

  /** One more request begins, or has its slot reserved: the next one comes later. */
  Instant takeSlot(Instant now) {
    Instant earliest = earliest(false);
    Instant slot = earliest.isAfter(now) ? earliest : now;
    Double rate = limits.requestsPerSecond();
    nextSlot = rate == null ? nextSlot : slot.plusNanos((long) (1e9 / rate));
    return slot;
  }

  /**
   * How long somebody waits who has that many before him, when the oldest open request is that old.
   */
  Duration expectedWait(int before, Duration oldestOpen) {
    double latency = Math.max(latencyMillis, oldestOpen.toMillis());
    double byWindow = latency * before / reachableWindow();
    Double rate = limits.requestsPerSecond();
    double byRate = rate == null ? 0 : before * 1000 / rate;
    return Duration.ofMillis((long) Math.max(byWindow, byRate));
  }

  private int reachableWindow() {
    return halved ? window() : limits.maxInFlight();
  }

  /** The receiver took a request. */
  void succeeded(Duration took) {
    observe(took);
    window = Math.min(window + 1, limits.maxInFlight());
    halved &= window < limits.maxInFlight();
  }

  /** The receiver answered, but neither took the request nor was too busy. */
  void answered(Duration took) {
    observe(took);
  }

  /** The receiver is too slow or too busy: timeout, 429, 503. */
  void overloaded(Duration took) {
    observe(took);
    window = Math.max(1, window / 2);
    halved = true;
  }

  /** The receiver asked for a pause; it holds for everything that goes to it, up to a day. */
  void hold(Instant now, Duration pause) {
    Duration kept =
        pause.compareTo(RetryPolicy.LONGEST_RETRY_AFTER) < 0
            ? pause
            : RetryPolicy.LONGEST_RETRY_AFTER;
    Instant until = now.plus(kept);
    heldUntil = until.isAfter(heldUntil) ? until : heldUntil;
  }

  private void observe(Duration took) {
    latencyMillis += WEIGHT_OF_NEWEST * (took.toMillis() - latencyMillis);
  }
}
