// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where a record stands among all of its key: a number that grows with each of them, also across a
 * change of the partition count.
 *
 * <pre>
 *   63      56 55        44 43                     0
 *   │ 0 … 0   │ partition  │ offset                │
 * </pre>
 *
 * A count is only ever multiplied. Then a key stays where it is or goes to a partition with a
 * higher number, which has held nothing of it before; so the partition counts first.
 */
public final class Position {

  private static final int OFFSET_BITS = 44;

  private Position() {}

  /** The place of the record; grows with each one of its key. */
  public static long of(ConsumerRecord<?, ?> record) {
    return of(record.partition(), record.offset());
  }

  /** Whether both are of one partition, so that what lies between them is a number of records. */
  public static boolean near(long one, long other) {
    return one >>> OFFSET_BITS == other >>> OFFSET_BITS;
  }

  static long of(int partition, long offset) {
    return (long) partition << OFFSET_BITS | offset;
  }
}
