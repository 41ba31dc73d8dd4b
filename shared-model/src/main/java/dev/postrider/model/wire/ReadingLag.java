// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How far somebody is behind who reads batches and is done with them in the same order:
 *
 * <pre>
 *   records  not read
 *   seconds  age of the oldest record that was read and is not done,
 *            or since when there is something to read and nothing has been
 * </pre>
 *
 * Safe for use by many threads.
 */
public final class ReadingLag {

  private final InstantSource clock;
  private final Queue<Instant> batches = new ConcurrentLinkedQueue<>();
  private final AtomicLong begun = new AtomicLong();
  private volatile long unread;
  private volatile @Nullable Instant behindSince;
  private long begunBefore;

  /** Nothing to read. */
  public ReadingLag(InstantSource clock) {
    this.clock = clock;
  }

  /** A batch was read whose first record was written then. */
  public void begun(Instant written) {
    batches.add(written);
    begun.incrementAndGet();
  }

  /** The oldest batch that was read is done. */
  public void done() {
    batches.poll();
  }

  /** What was read and is not done is read again. */
  public void anew() {
    batches.clear();
  }

  /** To be called once a second, by the thread that owns the consumer. */
  public void take(Consumer<?, ?> consumer) {
    unread =
        consumer.assignment().stream()
            .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
            .sum();
    long begunNow = begun.get();
    if (unread == 0) {
      behindSince = null;
    } else if (behindSince == null || begunNow != begunBefore) {
      behindSince = clock.instant();
    }
    begunBefore = begunNow;
  }

  /** As of the last look. */
  public long records() {
    return unread;
  }

  /** 0 when there is nothing. */
  public double seconds() {
    Instant read = batches.peek();
    Instant oldest = read == null ? behindSince : read;
    return oldest == null ? 0 : Math.max(0, oldest.until(clock.instant()).toMillis()) / 1000.0;
  }
}
