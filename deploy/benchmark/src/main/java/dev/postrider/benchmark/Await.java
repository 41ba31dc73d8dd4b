// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting, with an end to it. */
final class Await {

  private Await() {}

  /** Looks at these intervals until it is so; fails when the limit passes first. */
  static void until(String what, Duration interval, Duration limit, BooleanSupplier so) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%s did not come about within %d s".formatted(what, limit.toSeconds()));
      }
      pause(interval);
    }
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    }
  }
}
