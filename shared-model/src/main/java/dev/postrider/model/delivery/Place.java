// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Where a delivery stands among those of its destination.
 *
 * @param number grows with every delivery of the destination: the position of its first record
 * @param behind number of the one that it must not overtake; null where the order does not matter
 */
public record Place(long number, @Nullable Long behind) {

  /** The place of a delivery that was not written yet. */
  public static final Place NONE = new Place(-1, null);

  /**
   * The place of a delivery that was never written, but handed over where it was made; so it comes
   * before all that were.
   */
  public static final Place NOWHERE = new Place(-2, null);

  /** For {@code behind}: it is the first of those that are kept in order. */
  public static final long NOBODY = -1;

  /** The same number, kept in order. */
  public Place after(long other) {
    return new Place(number, other);
  }
}
