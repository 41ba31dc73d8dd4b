// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;

/**
 * A report and where it stood.
 *
 * @param position in the outcomes topic; grows with the reports of a delivery
 */
record Recorded(Report report, long position) {

  /**
   * Whether its delivery began and ended with it, as by far most do. Nothing was reported of that
   * one before, unless this same attempt was: by a worker that was frozen, or read a second time.
   */
  boolean acceptedAtFirst() {
    return report.attempt() != null
        && report.attempt().outcome() instanceof Outcome.Accepted
        && isTheFirst();
  }

  /**
   * Whether its delivery began with it and was put off before any attempt, as are those of a
   * receiver that hangs. Nothing was reported of that one before, either.
   */
  boolean putOffAtFirst() {
    return report.attempt() == null && report.decision() instanceof Decision.Parked && isTheFirst();
  }

  private boolean isTheFirst() {
    return report.number() == 1
        && report.due() == null
        && report.place() == null
        && report.run().original();
  }
}
