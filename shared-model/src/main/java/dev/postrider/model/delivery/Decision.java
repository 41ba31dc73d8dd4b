// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import java.time.Instant;
import java.util.Locale;

/** What follows, once an attempt was made or put off. */
public sealed interface Decision {

  /** Nothing: the delivery has come to its end. */
  record Finished(DeliveryState state) implements Decision {}

  /** The delivery waits and comes back. */
  record Parked(Instant until, Why why) implements Decision {}

  /** Why a delivery waits. */
  enum Why {
    /** The last attempt failed. */
    RETRY,
    /** The destination's rate, or its Retry-After, gives it a later slot. */
    PACED,
    /** As many requests are open as the destination takes; while it is broken, one. */
    FULL,
    /** The destination must be authorised again. */
    AUTHORIZATION;

    /** As in labels and headers: in lower case. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The one with this label. */
    public static Why of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * Where the delivery stands now.
   *
   * @param attempts how many were made since its schedule began
   */
  default DeliveryState state(int attempts) {
    return switch (this) {
      case Finished(DeliveryState state) -> state;
      case Parked(_, Why why) when why == Why.AUTHORIZATION -> DeliveryState.WAITING_AUTHORIZATION;
      case Parked _ -> attempts == 0 ? DeliveryState.PENDING : DeliveryState.RETRYING;
    };
  }
}
