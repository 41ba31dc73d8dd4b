// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

/** What of an event goes into the body, and what into headers. */
public enum PayloadFormat {
  /**
   * The data is the body, the attributes are {@code ce-*} headers (CloudEvents HTTP binding §3.1).
   */
  CLOUDEVENTS_BINARY,
  /** The whole event is one JSON document (CloudEvents HTTP binding §3.2). */
  CLOUDEVENTS_STRUCTURED,
  /** {@code {"type", "timestamp", "data"}} (Standard Webhooks, "Payload structure"). */
  STANDARD_WEBHOOKS,
  /** The data alone; nothing tells the receiver what kind of event it was. */
  RAW,
  /** What the destination's own template makes of the event. */
  TEMPLATE
}
