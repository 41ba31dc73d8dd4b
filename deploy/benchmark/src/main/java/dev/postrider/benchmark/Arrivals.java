// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;

/** Which event came when: counted always, kept when asked for. Safe for use by many threads. */
final class Arrivals {

  private final BitSet seen = new BitSet();
  private long[] events = {};
  private long[] times = {};
  private boolean recording;
  private int size;
  private long count;
  private long last;

  synchronized void add(long event, long micros) {
    count++;
    last = micros;
    if (!recording) {
      return;
    }
    if (size == events.length) {
      events = Arrays.copyOf(events, Math.max(1 << 16, size * 2));
      times = Arrays.copyOf(times, events.length);
    }
    events[size] = event;
    times[size] = micros;
    size++;
  }

  /** Whether nobody has asked about this event before. */
  synchronized boolean isFirst(long event) {
    boolean first = !seen.get((int) event);
    seen.set((int) event);
    return first;
  }

  /** How many in all, and the time of the last in µs. */
  synchronized String summary() {
    return count + " " + last;
  }

  /** Forgets what was kept, and keeps from now on. */
  synchronized void record() {
    recording = true;
    size = 0;
  }

  /** Pairs of event and time in µs, as big-endian longs; returns how many. */
  synchronized int dump(Path file) throws IOException {
    try (var out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
      for (int i = 0; i < size; i++) {
        out.writeLong(events[i]);
        out.writeLong(times[i]);
      }
    }
    return size;
  }
}
