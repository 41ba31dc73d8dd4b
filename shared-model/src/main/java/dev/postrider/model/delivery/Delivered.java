// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import dev.postrider.model.event.EventId;
import java.util.Optional;

/**
 * What most reports come to: the first attempt of a delivery was accepted, and nothing follows.
 *
 * @param event that was delivered; the same delivery may be made for another of the same identity
 */
public record Delivered(DeliveryId delivery, EventId event) {

  /** What that report comes to; empty for one that says more, or that something else came of it. */
  public static Optional<Delivered> of(Report report) {
    boolean first = report.number() == 1 && report.due() == null && report.run().original();
    boolean accepted =
        report.attempt() != null
            && report.decision().equals(new Decision.Finished(DeliveryState.DELIVERED));
    return first && accepted && report.place() == null
        ? Optional.of(new Delivered(report.delivery(), report.event()))
        : Optional.empty();
  }
}
