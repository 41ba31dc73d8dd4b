// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

import org.jspecify.annotations.Nullable;

/**
 * What a receiver may be asked to take.
 *
 * @param maxInFlight most requests open at once, 1 to 1000; default 64
 * @param requestsPerSecond most requests begun per second, above 0 and at most 10,000; null for no
 *     limit
 */
public record Limits(int maxInFlight, @Nullable Double requestsPerSecond) {

  /** 64 in flight, no rate. */
  public static final Limits DEFAULT = new Limits(64, null);

  /** Refuses values out of bounds. */
  public Limits {
    if (maxInFlight < 1 || maxInFlight > 1000) {
      throw new IllegalArgumentException("max_in_flight must be 1 to 1000: was " + maxInFlight);
    }
    if (requestsPerSecond != null && !(requestsPerSecond > 0 && requestsPerSecond <= 10_000)) {
      throw new IllegalArgumentException(
          "requests_per_second must be above 0 and at most 10000: was " + requestsPerSecond);
    }
  }
}
