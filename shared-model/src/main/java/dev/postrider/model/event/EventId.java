// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.time.Instant;
import java.util.UUID;

/**
 * Our own id of an event: where and when Kafka stored it. Any event can be read back by its id
 * alone, without an index.
 *
 * <p>In text {@code evt_} and a UUID of version 7: 48 bits of record time, 12 of partition, 62 of
 * offset.
 *
 * @param time the record's timestamp in the {@code events} topic, in milliseconds
 * @param partition 0 to 4095
 * @param offset 0 to 2⁶²−1
 */
public record EventId(Instant time, int partition, long offset) implements Comparable<EventId> {

  private static final String PREFIX = "evt_";

  /** Refuses positions that the 74 bits cannot hold. */
  public EventId {
    if (partition < 0 || partition > 0xFFF || offset < 0 || offset >= 1L << 62) {
      throw new IllegalArgumentException(
          "an event lies in partition 0 to 4095 at an offset below 2^62: was %d, %d"
              .formatted(partition, offset));
    }
  }

  /** Reads the text form. */
  public static EventId parse(String text) {
    return of(TimeOrderedUuid.parse(PREFIX, text));
  }

  /** Reads the UUID behind the prefix. */
  public static EventId of(UUID uuid) {
    return new EventId(
        TimeOrderedUuid.timeOf(uuid),
        (int) TimeOrderedUuid.highOf(uuid),
        TimeOrderedUuid.lowOf(uuid));
  }

  /** The UUID behind the prefix. */
  public UUID uuid() {
    return TimeOrderedUuid.of(time, partition, offset);
  }

  @Override
  public int compareTo(EventId other) {
    return uuid().compareTo(other.uuid());
  }

  @Override
  public String toString() {
    return PREFIX + uuid();
  }
}
