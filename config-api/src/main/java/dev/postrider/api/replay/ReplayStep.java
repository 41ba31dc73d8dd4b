// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.model.delivery.Delivery;
import java.time.Duration;
import java.util.List;

/**
 * A stretch of a replay.
 *
 * @param orders to be written
 * @param skipped how many more there were whose payload is past retention
 * @param next where it goes on
 * @param pause how long to wait before this stretch can be looked at; zero when it was
 */
record ReplayStep(List<Delivery> orders, int skipped, ReplayCursor next, Duration pause) {

  /** Nothing to be ordered, and it goes on there. */
  static ReplayStep to(ReplayCursor next) {
    return new ReplayStep(List.of(), 0, next, Duration.ZERO);
  }

  /** It is too early for what lies there. */
  static ReplayStep waiting(ReplayCursor same, Duration pause) {
    return new ReplayStep(List.of(), 0, same, pause);
  }
}
