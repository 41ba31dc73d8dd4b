// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Delivery;

/**
 * The two kinds of traffic of a destination; while it has both, each gets half of what it takes.
 */
enum Turn {
  /** Deliveries that were never attempted, and are fresh. */
  FIRST,
  /** Deliveries that are attempted again, and what somebody has replayed. */
  AGAIN;

  static Turn of(Delivery delivery) {
    return delivery.attempt() == 1 && delivery.run().original() ? FIRST : AGAIN;
  }

  Turn other() {
    return this == FIRST ? AGAIN : FIRST;
  }
}
