// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import java.util.Arrays;

/** All measured values, exactly: no buckets, so that a p99.9 is a value that was seen. */
final class Percentiles {

  private final long[] sorted;

  /** Takes the values over, and sorts them. */
  Percentiles(long[] values) {
    this.sorted = values;
    Arrays.sort(sorted);
  }

  int count() {
    return sorted.length;
  }

  /** The smallest value that at least this share of all values does not exceed (nearest rank). */
  long at(double share) {
    if (sorted.length == 0) {
      throw new IllegalStateException("nothing was measured");
    }
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.clamp(rank - 1L, 0, sorted.length - 1)];
  }
}
