// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a destination is broken, and when it is tried again.
 *
 * <pre>
 *            50 failures and nothing else, for 10 s or more
 *   CLOSED ───────────────────────────────────────────────► BROKEN  one probe at a time,
 *      ▲                                                      │     1 s, 2 s, 4 s … 1 min apart
 *      └───────────────────── a success ──────────────────────┘
 * </pre>
 *
 * Probes are ordinary deliveries. What may not be one is put off without using up an attempt. Not
 * thread-safe: the dispatcher's thread owns it.
 */
final class Breaker {

  private static final int FAILURES = 50;
  private static final Duration NOTHING_ELSE_FOR = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private int failures;
  private @Nullable Instant failingSince;
  private Duration pause = FIRST_PAUSE;
  private @Nullable Instant nextProbe;

  boolean broken() {
    return nextProbe != null;
  }

  /** Whether nothing may be sent now. */
  boolean bars(Instant now) {
    return nextProbe != null && now.isBefore(nextProbe);
  }

  /** When the next probe may be sent; now, unless it is broken. */
  Instant nextProbe(Instant now) {
    return nextProbe == null || nextProbe.isBefore(now) ? now : nextProbe;
  }

  /** A request begins; if it is a probe, the next one is due later. */
  void began(Instant now) {
    if (nextProbe != null) {
      nextProbe = now.plus(pause);
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
  }

  /** The receiver answered with a failure, or not at all. */
  void failed(Instant now) {
    failures++;
    if (failingSince == null) {
      failingSince = now;
    }
    boolean longEnough = !failingSince.plus(NOTHING_ELSE_FOR).isAfter(now);
    if (nextProbe == null && failures >= FAILURES && longEnough) {
      nextProbe = now.plus(pause);
    }
  }

  /**
   * The receiver took a request.
   *
   * @return whether this is its recovery
   */
  boolean succeeded() {
    boolean recovered = broken();
    failures = 0;
    failingSince = null;
    nextProbe = null;
    pause = FIRST_PAUSE;
    return recovered;
  }
}
