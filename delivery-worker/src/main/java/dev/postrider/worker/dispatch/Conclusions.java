// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Report;
import dev.postrider.worker.crash.CrashPoint;
import dev.postrider.worker.dispatch.Backlogs.Change;
import dev.postrider.worker.metrics.DeliveryMetrics;
import dev.postrider.worker.outcome.OutcomeLog;
import dev.postrider.worker.retry.RetryTopics;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a decision last: each step begins when the one before it is acknowledged by Kafka.
 *
 * <pre>
 *   report ─► backlog, if there is an order ─► parked: retry record; failed: dead letter ─► claim settles
 * </pre>
 *
 * A crash between any two of them is made up for: the record is read again, its report is found,
 * and what follows from it is done again. Called on the dispatcher's thread.
 */
final class Conclusions {

  private static final Logger LOG = LoggerFactory.getLogger(Conclusions.class);

  private static final CompletableFuture<Void> NOTHING = CompletableFuture.completedFuture(null);

  private final OutcomeLog outcomes;
  private final RetryTopics retries;
  private final Backlogs backlogs;
  private final DeliveryMetrics metrics;
  private final Executor thread;

  Conclusions(
      OutcomeLog outcomes,
      RetryTopics retries,
      Backlogs backlogs,
      DeliveryMetrics metrics,
      Executor thread) {
    this.thread = thread;
    this.outcomes = outcomes;
    this.retries = retries;
    this.backlogs = backlogs;
    this.metrics = metrics;
  }

  /**
   * Completes with the report, on the dispatcher's thread: until then a request counts as in
   * flight, since a crash would repeat it.
   *
   * @param awaited whether the next of its destination cannot be sent before
   */
  CompletableFuture<Void> conclude(
      Work work, @Nullable Attempt attempt, Decision decision, Instant now, boolean awaited) {
    Report report = Report.of(work.delivery(), attempt, decision, now);
    backlogs.concluded(work.delivery(), decision);
    if (decision instanceof Decision.Finished(var state)) {
      metrics.deliveryFinished(state);
    }
    return outcomes
        .write(report, awaited)
        .whenCompleteAsync((_, fault) -> written(work, report, fault), thread);
  }

  /**
   * Whoever was frozen just then has written a report that the new owner may not have seen: he
   * makes the attempt himself, and it is his that is followed.
   */
  private void written(Work work, Report report, @Nullable Throwable fault) {
    if (fault != null) {
      staysUnsettled(work, fault);
      return;
    }
    CrashPoint.AFTER_OUTCOME.reached();
    if (work.claim().held()) {
      try {
        Optional<Change> change = backlogs.reported(work.delivery(), report.decision());
        settleAfter(follow(work.delivery(), report, change), work);
      } catch (RuntimeException defect) {
        staysUnsettled(work, defect);
      }
    }
  }

  /** The report was written before a crash: only what follows from it is done. */
  void repeat(Work work, Report report) {
    Optional<Change> change = backlogs.repeated(work.delivery(), report.decision());
    settleAfter(follow(work.delivery(), report, change), work);
  }

  /** The same, to be gone on with on the dispatcher's thread. */
  private CompletableFuture<Void> here(CompletableFuture<Void> written) {
    return written.whenCompleteAsync((_, _) -> {}, thread);
  }

  private CompletableFuture<Void> follow(
      Delivery delivery, Report report, Optional<Change> change) {
    return change
        .map(is -> here(outcomes.write(is.destination(), is.backlog())))
        .map(written -> written.thenCompose(_ -> follow(delivery, report)))
        .orElseGet(() -> follow(delivery, report));
  }

  private CompletableFuture<Void> follow(Delivery delivery, Report report) {
    return switch (report.decision()) {
      case Decision.Finished(var state) when state == DeliveryState.FAILED ->
          outcomes.writeDeadLetter(delivery, report);
      case Decision.Finished _ -> NOTHING;
      case Decision.Parked parked ->
          retries
              .park(delivery.waiting(report.attempts() + 1, parked), parked.why(), report.at())
              .thenRun(CrashPoint.AFTER_PARK::reached);
    };
  }

  private static void settleAfter(CompletableFuture<Void> written, Work work) {
    written.whenComplete(
        (_, fault) -> {
          if (fault == null) {
            work.claim().settle();
          } else {
            staysUnsettled(work, fault);
          }
        });
  }

  private static void staysUnsettled(Work work, Throwable fault) {
    work.about(LOG.atError())
        .setCause(fault)
        .log("{} stays unsettled and will be read again", work.delivery().id());
  }
}
