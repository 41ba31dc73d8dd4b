// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

/**
 * Work that is done and not counted, so that the compilers of worker and config-api are through.
 */
final class WarmUp {

  private static final int BURSTS = 16;
  private static final int BURST = 5_000;

  /** How many events that is. */
  static final int EVENTS = BURSTS * BURST;

  private WarmUp() {}

  /** Returns the deliveries per second of the last burst. */
  static double run(Rig rig, int destinations) {
    double rate = 0;
    for (int burst = 0; burst < BURSTS; burst++) {
      rate = Drain.of(rig, BURST, destinations).perSecond();
    }
    Progress.tell("warm-up: %,d events, the last of them at %,.0f/s", EVENTS, rate);
    return rate;
  }
}
