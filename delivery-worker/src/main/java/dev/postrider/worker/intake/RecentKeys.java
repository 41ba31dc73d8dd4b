// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * A set of 128-bit keys that forgets: each is remembered for at least the given time and at most
 * twice as long. Two generations of plain arrays, since millions of keys must fit beside everything
 * else. A generation that is full ends before its time, and the one before it is forgotten: however
 * many keys come, memory is bounded.
 */
final class RecentKeys {

  private static final int FIRST_CAPACITY = 1 << 8;
  private static final int BYTES_A_PLACE = 2 * Long.BYTES;

  private final Duration remembered;
  private final int most;
  private Generation current = new Generation(FIRST_CAPACITY);
  private Generation previous = new Generation(FIRST_CAPACITY);
  private Instant turns;

  /**
   * Empty.
   *
   * @param most keys in a generation, at least so many of the newest are known
   */
  RecentKeys(Duration remembered, int most, Instant now) {
    this.remembered = remembered;
    this.most = most;
    this.turns = now.plus(remembered);
  }

  /** How many keys a generation may have that takes no more memory than that, in bytes. */
  static int mostWithin(long memory) {
    long places = Math.max(FIRST_CAPACITY, Long.highestOneBit(memory / BYTES_A_PLACE));
    return (int) Math.min(places * 2 / 3, 1 << 28);
  }

  /** Whether the key was not there yet; it is now. */
  boolean add(UUID key, Instant now) {
    turn(now);
    boolean added = !previous.contains(key) && current.add(key);
    if (current.size >= most) {
      begin(current, now);
    }
    return added;
  }

  boolean contains(UUID key, Instant now) {
    turn(now);
    return current.contains(key) || previous.contains(key);
  }

  private void turn(Instant now) {
    if (now.isBefore(turns)) {
      return;
    }
    boolean bothOld = !now.isBefore(turns.plus(remembered));
    begin(bothOld ? new Generation(FIRST_CAPACITY) : current, bothOld ? now : turns);
  }

  private void begin(Generation before, Instant since) {
    previous = before;
    current = new Generation(FIRST_CAPACITY);
    turns = since.plus(remembered);
  }

  /** Open addressing with linear probing; the zero key marks a free place, and no key is zero. */
  private static final class Generation {

    private long[] places;
    private int size;

    Generation(int capacity) {
      places = new long[2 * capacity];
    }

    boolean contains(UUID key) {
      return places[placeOf(key)] != 0;
    }

    boolean add(UUID key) {
      int place = placeOf(key);
      if (places[place] != 0) {
        return false;
      }
      put(place, key.getMostSignificantBits(), key.getLeastSignificantBits());
      size++;
      if (size * 3L > places.length) {
        grow();
      }
      return true;
    }

    private void put(int place, long high, long low) {
      places[place] = high;
      places[place + 1] = low;
    }

    private int placeOf(UUID key) {
      return placeOf(key.getMostSignificantBits(), key.getLeastSignificantBits());
    }

    private int placeOf(long high, long low) {
      int mask = places.length / 2 - 1;
      long mixed = (high ^ low * 0x9E37_79B9_7F4A_7C15L) * 0xD6E8_FEB8_6659_FD93L;
      int place = (int) (mixed >>> 32) & mask;
      while (places[2 * place] != 0
          && (places[2 * place] != high || places[2 * place + 1] != low)) {
        place = (place + 1) & mask;
      }
      return 2 * place;
    }

    private void grow() {
      long[] before = places;
      places = new long[2 * before.length];
      for (int place = 0; place < before.length; place += 2) {
        if (before[place] != 0) {
          put(placeOf(before[place], before[place + 1]), before[place], before[place + 1]);
        }
      }
    }
  }
}
