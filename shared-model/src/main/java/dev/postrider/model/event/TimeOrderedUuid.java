// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * UUIDs with the time in front (RFC 9562 §5.7, version 7) and their prefixed text form, such as
 * {@code dst_0198…}. The 74 bits behind the time are the caller's: random, a hash or a position.
 */
public final class TimeOrderedUuid {

  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long LOW_62 = 0x3FFF_FFFF_FFFF_FFFFL;
  private static final long LATEST_MILLI = (1L << 48) - 1;

  private TimeOrderedUuid() {}

  /**
   * A UUID of this time and these bits.
   *
   * @param time millisecond precision; clamped to what 48 bits hold (1970 to 10889)
   * @param high its lowest 12 bits are used
   * @param low its lowest 62 bits are used
   */
  public static UUID of(Instant time, long high, long low) {
    long millis = Math.clamp(time.toEpochMilli(), 0, LATEST_MILLI);
    return new UUID(millis << 16 | VERSION_7 | (high & 0xFFF), VARIANT | (low & LOW_62));
  }

  /** A new random one. */
  public static UUID random(Instant time, RandomGenerator random) {
    return of(time, random.nextLong(), random.nextLong());
  }

  /** The time in front, in milliseconds. */
  public static Instant timeOf(UUID uuid) {
    return Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16);
  }

  static long highOf(UUID uuid) {
    return uuid.getMostSignificantBits() & 0xFFF;
  }

  static long lowOf(UUID uuid) {
    return uuid.getLeastSignificantBits() & LOW_62;
  }

  /**
   * Reads the prefixed text form.
   *
   * @throws IllegalArgumentException when the text is not the prefix and a UUID in its canonical
   *     form
   */
  public static UUID parse(String prefix, String text) {
    if (text.length() == prefix.length() + 36 && text.startsWith(prefix)) {
      String canonical = text.substring(prefix.length());
      UUID uuid = UUID.fromString(canonical);
      if (uuid.toString().equals(canonical)) {
        return uuid;
      }
    }
    throw new IllegalArgumentException("an id is '" + prefix + "' and a UUID: was '" + text + "'");
  }
}
