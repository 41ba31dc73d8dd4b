// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;

/**
 * Events published at a fixed rate, whatever becomes of them. Latency counts from the moment an
 * event was meant to go out: a publisher that is held up must not hide what held it up.
 *
 * @param first number of the first event
 * @param due for each event when it was meant to go out, in µs of the wall clock
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Schedule(long first, long[] due) {

  /** Publishes for so many seconds; the operator says to which destination the nth event goes. */
  static Schedule run(Rig rig, int perSecond, int seconds, IntUnaryOperator destinationOf) {
    long[] due = new long[perSecond * seconds];
    long begin = rig.micros();
    long beginNanos = System.nanoTime();
    long first = rig.events().published() + 1;
    for (int i = 0; i < due.length; i++) {
      long after = i * 1_000_000_000L / perSecond;
      due[i] = begin + after / 1000;
      for (long wait = after; wait > 0; wait = beginNanos + after - System.nanoTime()) {
        LockSupport.parkNanos(wait == after ? 1 : wait);
      }
      rig.events().publish(destinationOf.applyAsInt(i));
    }
    rig.events().flush();
    return new Schedule(first, due);
  }

  int events() {
    return due.length;
  }

  /** When this event was meant to go out; 0 for one that is not of this schedule. */
  long due(long event) {
    long index = event - first;
    return 0 <= index && index < due.length ? due[(int) index] : 0;
  }
}
