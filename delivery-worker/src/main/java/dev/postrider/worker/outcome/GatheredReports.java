// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.outcome;

import dev.postrider.model.delivery.Report;
import dev.postrider.model.wire.ReportCodec;
import dev.postrider.worker.publish.Publisher;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reports that nobody waits for gather here for a moment, and are written one right after the
 * other, on a thread of their own: each finds in the processor's caches what the one before has
 * left there, and the dispatcher's thread only dispatches.
 */
final class GatheredReports implements AutoCloseable {

  private static final Duration MOMENT = Duration.ofMillis(20);

  private final Publisher publisher;
  private final Queue<Unwritten> reports = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("reports").factory());

  private record Unwritten(Report report, CompletableFuture<Void> written) {}

  GatheredReports(Publisher publisher) {
    this.publisher = publisher;
  }

  /** May be called by any thread. */
  CompletableFuture<Void> write(Report report) {
    Unwritten one = new Unwritten(report, new CompletableFuture<>());
    reports.add(one);
    if (count.getAndIncrement() == 0) {
      writeInAMoment();
    }
    return one.written();
  }

  private void writeInAMoment() {
    thread.schedule(this::writeAll, MOMENT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void writeAll() {
    int gathered = count.get();
    for (int i = 0; i < gathered; i++) {
      write(reports.remove());
    }
    if (count.addAndGet(-gathered) > 0) {
      writeInAMoment();
    }
  }

  /** A defect that one report brings to light must not keep the others from being written. */
  private void write(Unwritten one) {
    try {
      publisher.publish(ReportCodec.write(one.report()), one.written());
    } catch (RuntimeException defect) {
      one.written().completeExceptionally(defect);
    }
  }

  /** What is here by now is not written any more. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
