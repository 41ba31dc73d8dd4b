// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.destination.Limits;
import dev.postrider.model.retry.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * How fast one destination is served. Three bounds:
 *
 * <pre>
 *   window  starts at 4; +1 for each success; halved on timeout, 429 and 503; 1 ≤ window ≤ max_in_flight
 *   gate    with requests_per_second r: opens at max(gate, now − 25 ms) + 1/r after each request begun
 *           (GCRA; 25 ms is what a tick of the dispatcher may be late)
 *   hold    nothing before the time that Retry-After asked for
 * </pre>
 *
 * Who cannot pass the gate within a moment is given a slot: the time of his turn, for which he is
 * put off. There is a row of slots for each {@link Turn}, 1/r apart, or 2/r while the other row is
 * in use. The gate is the law, slots are the forecast: whatever comes at whatever time, the rate is
 * kept.
 *
 * <p>By Little's law a lane with this window serves window ÷ latency requests a second; from that
 * follows how long the next in line will wait. A window that was never halved doubles with every
 * round trip, so the expectation counts on the configured maximum then. The latency is a moving
 * average, or the age that half of the open requests have if that is more, so that a receiver that
 * hangs is noticed before its first timeout. Not thread-safe: the dispatcher's thread owns it.
 */
final class Pace {

  private static final int FIRST_WINDOW = 4;
  private static final double WEIGHT_OF_NEWEST = 0.2;
  private static final Duration FIRST_GUESS = Duration.ofMillis(5);
  private static final Duration TOLERANCE = Duration.ofMillis(25);

  private double window = FIRST_WINDOW;
  private double latencyMillis = FIRST_GUESS.toMillis();
  private boolean halved;
  private Limits limits;
  private Instant gate;
  private Instant heldUntil;
  private final Map<Turn, Instant> nextSlot = new EnumMap<>(Turn.class);

  Pace(Limits limits, Instant now) {
    this.limits = limits;
    this.gate = now;
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

  /** Whether rate and hold let a request begin now. */
  boolean open(Instant now) {
    return !gate.isAfter(now) && !heldUntil.isAfter(now);
  }

  /** Whether the receiver wants nothing until after then. */
  boolean held(Instant then) {
    return heldUntil.isAfter(then);
  }

  /** A request begins. */
  void began(Instant now) {
    if (limits.requestsPerSecond() == null) {
      return;
    }
    Instant earliest = now.minus(TOLERANCE);
    gate = (gate.isAfter(earliest) ? gate : earliest).plus(interval());
  }

  /** The time of the turn of one who asks now; now, if nothing but the window is in his way. */
  Instant slot(Turn turn, Instant now) {
    Instant free = nextSlot.getOrDefault(turn, now);
    Instant earliest = free.isAfter(heldUntil) ? free : heldUntil;
    return earliest.isAfter(now) ? earliest : now;
  }

  /** Gives that time away: the next who asks is told a later one. */
  Instant takeSlot(Turn turn, Instant now) {
    Instant slot = slot(turn, now);
    if (limits.requestsPerSecond() != null) {
      boolean alone = !nextSlot.getOrDefault(turn.other(), now).isAfter(now);
      nextSlot.put(turn, slot.plus(interval().multipliedBy(alone ? 1 : 2)));
    }
    return slot;
  }

  private Duration interval() {
    Double rate = limits.requestsPerSecond();
    return rate == null ? Duration.ZERO : Duration.ofNanos((long) (1e9 / rate));
  }

  /**
   * How long somebody waits who has that many before him, when half of the open requests are that
   * old.
   *
   * @param mostOpen requests, whatever the window
   */
  Duration expectedWait(int before, Duration typicalAge, int mostOpen) {
    double byWindow =
        latency(typicalAge).toNanos() / 1e6 * before / Math.min(reachableWindow(), mostOpen);
    double byRate = interval().toNanos() / 1e6 * before;
    return Duration.ofMillis((long) Math.max(byWindow, byRate));
  }

  /** How long a request takes, when half of the open ones are that old. */
  Duration latency(Duration typicalAge) {
    Duration usual = Duration.ofNanos((long) (latencyMillis * 1e6));
    return usual.compareTo(typicalAge) > 0 ? usual : typicalAge;
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

  /** The receiver was broken and works again: it is loaded as if it were new, and gently. */
  void rampUp() {
    window = Math.min(window, FIRST_WINDOW);
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
