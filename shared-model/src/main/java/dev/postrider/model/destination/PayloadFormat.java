// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

/** What of an event goes into the body, and what into headers. */
public enum PayloadFormat {
  /**
   * The data is the body, the attributes are {@code ce-*} headers (CloudEvents HTTP binding §3.1).
   */
  CLOUDEVENTS_BINARY
}
