// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

/**
 * What is put off of a destination that takes its events in order: this is how the order survives a
 * crash.
 *
 * @param finished number of the last delivery that has finished, of those that were ever put off
 * @param last number of the last one that was put off; what comes later waits behind it
 */
public record Backlog(long finished, long last) {

  /** Nothing was put off. */
  public static final Backlog NONE = new Backlog(-1, -1);

  /** The same after this was decided about the delivery in that place. */
  public Backlog after(Place place, Decision decision) {
    return switch (decision) {
      case Decision.Finished _ -> new Backlog(Math.max(finished, place.number()), last);
      case Decision.Parked _ -> new Backlog(finished, Math.max(last, place.number()));
    };
  }

  /** Whether anything of it has not finished. */
  public boolean pending() {
    return last > finished;
  }
}
