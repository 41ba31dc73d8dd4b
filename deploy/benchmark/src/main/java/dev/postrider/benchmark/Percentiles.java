// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** All measured values, exactly: no buckets, so that a p99.9 is a value that was seen. */
final class Percentiles {

  private final long[] sorted;

  /** Takes the values over, and sorts them. */
  Percentiles(long[] values) {
    this.sorted = values;
    Arrays.sort(sorted);
  }

  /** Those of all their values. */
  static Percentiles together(List<Percentiles> several) {
    return new Percentiles(
        several.stream().flatMapToLong(one -> Arrays.stream(one.sorted)).toArray());
  }

  /** How many are smaller than this. */
  long below(long value) {
    return Arrays.stream(sorted).filter(each -> each < value).count();
  }

  /** Milliseconds over percentile, for values in µs; every nine is as wide as the one before. */
  Picture.Line line(String name) {
    var points =
        DoubleStream.iterate(0, nines -> nines <= 4, nines -> nines + 0.05)
            .mapToObj(nines -> new double[] {nines, at(1 - Math.pow(10, -nines)) / 1000.0})
            .toList();
    return new Picture.Line(name, points);
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
