// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

/**
 * Work that is done and not counted, so that the compilers of worker and config-api are through.
 */
final class WarmUp {

  /** Events, where the compilers matter little. */
  static final int SHORT = 200_000;

  /** Events, where the compilers would be in the figures. */
  static final int LONG = 1_000_000;

  private static final int BURST = 100_000;

  private WarmUp() {}

  /** Returns the deliveries per second of the last burst. */
  static double run(Rig rig, int destinations, int events) {
    double rate = 0;
    for (int done = 0; done < events; done += BURST) {
      rate = Drain.of(rig, Math.min(BURST, events - done), destinations).perSecond();
    }
    Progress.tell("warm-up: %,d events, the last of them at %,.0f/s".formatted(events, rate));
    return rate;
  }
}
