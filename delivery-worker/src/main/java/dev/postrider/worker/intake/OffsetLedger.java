// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import dev.postrider.worker.dispatch.Claim;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was taken from one partition and has not settled: the low watermark over completions that
 * come in any order.
 *
 * <pre>
 *   offsets   7   8   9  11  12        8 has not settled, so 8 is the watermark:
 *   settled   ✓   ·   ✓   ✓   ·        a crash repeats 8 and 12 and recognises 9 and 11
 * </pre>
 *
 * Offsets may have gaps (compaction, transaction markers). Taking and asking belong to the intake's
 * thread; entries are started and settled from any.
 */
final class OffsetLedger {

  /** What a delivery takes up beside its payload, about; in bytes. */
  private static final int BESIDE_PAYLOAD = 1024;

  private final Lease lease;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger unsettled = new AtomicInteger();
  private final AtomicLong openLength = new AtomicLong();
  private final AtomicLong unsettledLength = new AtomicLong();
  private long next;
  private volatile boolean given;

  /** Guarded by this ledger, like the number of claims that were started and have not settled. */
  private boolean withdrawn;

  private int running;

  /**
   * An empty ledger.
   *
   * @param position the first offset that was not taken yet
   * @param lease without which nothing is started
   */
  OffsetLedger(long position, Lease lease) {
    this.next = position;
    this.lease = lease;
  }

  /**
   * A record was read: the watermark will not pass it until it settles.
   *
   * @param length of the payload, in bytes
   * @param written when it came into Kafka
   */
  Entry take(long offset, int length, Instant written) {
    Entry entry = new Entry(offset, length, written);
    entries.add(entry);
    open.incrementAndGet();
    openLength.addAndGet(length);
    next = offset + 1;
    return entry;
  }

  /** All records below were taken, and there are none in between: markers, or what is gone. */
  void readUpTo(long position) {
    next = Math.max(next, position);
  }

  /** The first offset that was not taken yet. */
  long next() {
    return next;
  }

  /** Everything below has settled. */
  long watermark() {
    forgetSettled();
    Entry first = entries.peek();
    return first == null ? next : first.offset;
  }

  /**
   * Since when something may have been done for a record at or above the watermark; now, if nothing
   * has.
   */
  Instant since(Instant now) {
    forgetSettled();
    Instant since = now;
    for (Entry entry : entries) {
      Instant released = entry.released;
      since = released.isBefore(since) ? released : since;
    }
    return since;
  }

  /** When the first record that has not settled was written; null when all have. */
  @Nullable Instant oldest() {
    forgetSettled();
    Entry first = entries.peek();
    return first == null ? null : first.written;
  }

  /** How many records lie between the watermark and the last one taken, settled or not. */
  int gap() {
    forgetSettled();
    return entries.size();
  }

  /** How many have not settled, released or not. */
  int open() {
    return open.get();
  }

  /** The length of their payloads, in bytes. */
  long openLength() {
    return openLength.get();
  }

  /** What all of them take up in memory, about; in bytes. */
  long openMemory() {
    return openLength() + (long) BESIDE_PAYLOAD * open();
  }

  /** How many have been released and have not settled; of one that was split, its parts. */
  int unsettled() {
    return unsettled.get();
  }

  /** The length of their payloads, in bytes. */
  long unsettledLength() {
    return unsettledLength.get();
  }

  /** The partition goes to another worker: what was not started here will not be. */
  synchronized void withdraw() {
    withdrawn = true;
  }

  /** The partition is another worker's from now on, whatever was started here. */
  void giveAway() {
    given = true;
  }

  /** Whether anything that was started has not settled. */
  synchronized boolean busy() {
    return running > 0;
  }

  private void forgetSettled() {
    for (Iterator<Entry> head = entries.iterator(); head.hasNext(); head.remove()) {
      if (!head.next().hasSettled()) {
        return;
      }
    }
  }

  private enum State {
    TAKEN,
    STARTED,
    SETTLED,
    WITHDRAWN
  }

  private synchronized State begun() {
    withdrawn |= !lease.holds();
    running += withdrawn ? 0 : 1;
    return withdrawn ? State.WITHDRAWN : State.STARTED;
  }

  private synchronized void ended() {
    running--;
  }

  /** On a record, or on one of the things that it has become. */
  abstract class Hold implements Claim {

    private State state = State.TAKEN;

    @Override
    public final synchronized boolean start() {
      if (state == State.TAKEN) {
        state = begun();
      }
      return state == State.STARTED;
    }

    @Override
    public final boolean held() {
      return !given && lease.holds();
    }

    @Override
    public final synchronized void settle() {
      if (state == State.STARTED) {
        ended();
      }
      if (state != State.SETTLED) {
        state = State.SETTLED;
        settled();
      }
    }

    final synchronized boolean hasSettled() {
      return state == State.SETTLED;
    }

    /** Called once. */
    abstract void settled();
  }

  /** One record. */
  final class Entry extends Hold {

    private final long offset;
    private final int length;
    private final Instant written;
    private volatile Instant released = Instant.MAX;

    private Entry(long offset, int length, Instant written) {
      this.offset = offset;
      this.length = length;
      this.written = written;
    }

    /** From now on something may be done for the record. */
    void release(Instant now) {
      released = now;
      unsettled.incrementAndGet();
      unsettledLength.addAndGet(length);
    }

    /** A claim for each of the things that the record has become: it settles when all have. */
    List<Claim> split(int count) {
      if (count == 1) {
        return List.of(this);
      }
      unsettled.addAndGet(count - 1);
      AtomicInteger left = new AtomicInteger(count);
      return Stream.<Claim>generate(() -> new Part(this, left)).limit(count).toList();
    }

    @Override
    void settled() {
      open.decrementAndGet();
      openLength.addAndGet(-length);
      unsettled.decrementAndGet();
      unsettledLength.addAndGet(-length);
    }
  }

  /** One of the things that a record has become. */
  private final class Part extends Hold {

    private final Entry whole;
    private final AtomicInteger left;

    private Part(Entry whole, AtomicInteger left) {
      this.whole = whole;
      this.left = left;
    }

    @Override
    void settled() {
      if (left.decrementAndGet() == 0) {
        whole.settle();
      } else {
        unsettled.decrementAndGet();
      }
    }
  }
}
