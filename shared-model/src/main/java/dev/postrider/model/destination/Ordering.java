// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

/** In which order a destination gets its events. */
public enum Ordering {
  /** As fast as it takes them; a retried event arrives after younger ones. */
  NONE,
  /** In the order of the event's key, one request at a time: younger ones wait behind a retry. */
  FIFO
}
