// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

/** Where a delivery stands. */
public enum DeliveryState {
  /** Nothing was tried yet, or nothing since somebody had it sent again. */
  PENDING,
  /** The receiver accepted it; nothing follows. */
  DELIVERED,
  /** At least one attempt failed, another will follow. */
  RETRYING,
  /** The retry policy is exhausted, or forbids another attempt; it is a dead letter. */
  FAILED,
  /** Somebody called it off, or its destination is gone. */
  CANCELLED,
  /** It waits for the destination's admin to authorise again. */
  WAITING_AUTHORIZATION
}
