// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Delivered;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.DestinationId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The past of the partitions in two parts:
 *
 * <pre>
 *   ├──── at most 50,000 reports ────┼──── since something may have been open ────┤ now
 *     welcome: read beside,            needed: read first, nothing is served
 *     on a thread of its own           before
 * </pre>
 *
 * What is welcome only tells that an event is published again long after it was the first time, or
 * what somebody did whose clock is far from ours; nobody's delivery should wait for that, nor for
 * the processor that reading it takes. Confined to the intake's thread, but for what it starts.
 */
final class Recollection implements Assignment.Past {

  private static final Logger LOG = LoggerFactory.getLogger(Recollection.class);

  /** With some hundred between two rests, ten thousand a second at most. */
  private static final Duration REST = Duration.ofMillis(50);

  private final OutcomeTail tail;
  private final Queue<Found> found = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Reading current;

  /** For as long as this worker has the same partitions. */
  private static final class Reading {
    private final OutcomeTail.Memory memory;

    Reading(OutcomeTail.Memory memory) {
      this.memory = memory;
    }
  }

  /** What is to be remembered, on the intake's thread. */
  private record Found(Reading reading, Consumer<OutcomeTail.Memory> what) {}

  Recollection(OutcomeTail tail) {
    this.tail = tail;
  }

  @Override
  public Map<DestinationId, Backlog> read(
      Map<Integer, Instant> since, Instant remembered, OutcomeTail.Memory memory) {
    OutcomeTail.Recent recent = tail.read(since, memory);
    Reading reading = new Reading(memory);
    current = reading;
    Thread.ofPlatform()
        .daemon()
        .name("recollection")
        .start(() -> readOlder(recent.begun(), since, remembered, reading));
    return recent.backlogs();
  }

  @Override
  public void goOn() {
    for (Found next = found.poll(); next != null; next = found.poll()) {
      if (wanted(next.reading())) {
        remember(next);
      }
    }
  }

  /** Whatever is wrong with one report, the partitions must be served. */
  private static void remember(Found found) {
    try {
      found.what().accept(found.reading().memory);
    } catch (RuntimeException e) {
      LOG.error("a report of what was done before is left out", e);
    }
  }

  @Override
  public void forget() {
    current = null;
    found.clear();
  }

  private void readOlder(
      Map<TopicPartition, Long> ends,
      Map<Integer, Instant> since,
      Instant remembered,
      Reading reading) {
    try {
      tail.readOlder(ends, since, remembered, () -> rested(reading), passingOn(reading));
    } catch (KafkaException e) {
      LOG.warn("what is published again may be sent again: {}", e.toString());
    }
  }

  /** Until what was found is remembered, so that no more than a poll brings is kept for that. */
  private boolean rested(Reading reading) {
    do {
      LockSupport.parkNanos(REST.toNanos());
    } while (wanted(reading) && !found.isEmpty());
    return wanted(reading);
  }

  private boolean wanted(Reading reading) {
    return reading == current;
  }

  private OutcomeTail.Memory passingOn(Reading reading) {
    return new OutcomeTail.Memory() {
      @Override
      public void report(int partition, Report report) {
        pass(memory -> memory.report(partition, report));
      }

      @Override
      public void delivered(int partition, Delivered delivered, Instant written) {
        pass(memory -> memory.delivered(partition, delivered, written));
      }

      @Override
      public void run(int partition, ConsumerRecord<byte[], byte[]> run) {
        throw new IllegalStateException("runs are read whole, and first");
      }

      private void pass(Consumer<OutcomeTail.Memory> what) {
        found.add(new Found(reading, what));
      }
    };
  }
}
