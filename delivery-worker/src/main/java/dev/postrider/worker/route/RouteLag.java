// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.route;

import dev.postrider.model.wire.Topics;
import dev.postrider.worker.metrics.DeliveryMetrics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How far routing is behind in the partitions it has:
 *
 * <pre>
 *   records  not read
 *   seconds  age of the oldest record that was read and is not routed,
 *            or since when there is something to read and nothing has been
 * </pre>
 *
 * Safe for use by many threads.
 */
final class RouteLag {

  private final InstantSource clock;
  private final Queue<Instant> batches = new ConcurrentLinkedQueue<>();
  private final AtomicLong begun = new AtomicLong();
  private volatile long unread;
  private long begunBefore;
  private volatile @Nullable Instant behindSince;

  RouteLag(DeliveryMetrics metrics, InstantSource clock) {
    this.clock = clock;
    metrics.gauge("postrider.intake.lag.records", () -> unread, "topic", Topics.EVENTS);
    metrics.gauge("postrider.intake.lag.seconds", this::seconds, "topic", Topics.EVENTS);
  }

  /** A batch was read whose first record was written then. */
  void begun(Instant written) {
    batches.add(written);
    begun.incrementAndGet();
  }

  /** The batch that was read first is routed. */
  void done() {
    batches.poll();
  }

  /** What was read and is not routed is read again. */
  void anew() {
    batches.clear();
  }

  /** To be called once a second, by the thread that owns the consumer. */
  void take(Consumer<?, ?> consumer) {
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

  private double seconds() {
    Instant read = batches.peek();
    Instant oldest = read == null ? behindSince : read;
    return oldest == null ? 0 : Math.max(0, oldest.until(clock.instant()).toMillis()) / 1000.0;
  }
}
