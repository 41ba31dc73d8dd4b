// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Place;
import java.time.Instant;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A delivery in the dispatcher's hands.
 *
 * @param since when it was taken
 */
record Work(Delivery delivery, Claim claim, Instant since) {

  /** What a line of the log is about. */
  LoggingEventBuilder about(LoggingEventBuilder line) {
    return line.addKeyValue("postrider.delivery", delivery.id())
        .addKeyValue("postrider.event", delivery.event().id())
        .addKeyValue("postrider.destination", delivery.destination());
  }

  /** Of its payload, in bytes. */
  int length() {
    return delivery.event().payload().length();
  }

  /** Of its place. */
  long number() {
    return delivery.place().number();
  }

  /**
   * Whether it has no record of its own: until it settles, its event's offset stays below. Once it
   * has waited it has one, and is in its place still.
   */
  boolean handedOver() {
    return delivery.due() == null && delivery.place().equals(Place.NOWHERE);
  }

  /** The same, kept in order among those of its destination. */
  Work inOrder() {
    return delivery.place().behind() == null ? behind(Place.NOBODY) : this;
  }

  /** The same, not to overtake the one with that number. */
  Work behind(long other) {
    return new Work(delivery.behind(other), claim, since);
  }
}
