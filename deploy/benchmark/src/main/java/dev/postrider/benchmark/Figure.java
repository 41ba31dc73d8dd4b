// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import java.util.Locale;

/** The figures of CONTRACT.md §6: their names are what scripts and dashboards read. */
enum Figure {
  DELIVERIES_PER_SECOND("1/s"),
  BARE_REQUESTS_PER_SECOND("1/s"),
  SHARE_OF_BARE(""),
  WORKER_CPU_US_PER_DELIVERY("µs"),
  BARE_CPU_US_PER_REQUEST("µs"),
  CPU_RATIO(""),
  RECORDER_LAG_SECONDS_AT_END("s"),
  P50_MS("ms"),
  P90_MS("ms"),
  P99_MS("ms"),
  P999_MS("ms"),
  ACHIEVED_PER_SECOND("1/s"),
  P99_RATIO(""),
  THROUGHPUT_RATIO(""),
  P99_RATIO_TO_ANSWERING(""),
  THROUGHPUT_RATIO_TO_ANSWERING(""),
  P99_MS_ALONE("ms"),
  P99_MS_BESIDE("ms"),
  LATENESS_P50_MS("ms"),
  LATENESS_P99_MS("ms"),
  EARLY(""),
  PARKED(""),
  DIRECTORY_HEAP_MIB("MiB"),
  LOAD_SECONDS("s"),
  HEAP_MIB_NEEDED("MiB"),
  MEMORY_SLOPE_MIB_PER_MILLION("MiB"),
  FIRST_DELIVERY_SECONDS("s"),
  LOST(""),
  REPEATED(""),
  READY_SECONDS("s"),
  RSS_MIB_IDLE("MiB");

  final String unit;

  Figure(String unit) {
    this.unit = unit;
  }

  /** As in the JSON. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
