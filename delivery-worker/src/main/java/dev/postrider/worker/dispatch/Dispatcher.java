// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static dev.postrider.model.delivery.DeliveryState.CANCELLED;
import static dev.postrider.model.delivery.DeliveryState.FAILED;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.worker.crash.CrashPoint;
import dev.postrider.worker.directory.Directory;
import dev.postrider.worker.directory.DirectoryFeed;
import dev.postrider.worker.http.Sender;
import dev.postrider.worker.metrics.DeliveryMetrics;
import dev.postrider.worker.outcome.OutcomeLog;
import dev.postrider.worker.retry.RetryTopics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The algorithm: what happens to a delivery from the moment it is taken until it has settled.
 *
 * <pre>
 *   accept ─► destination known, active, of the same tenant? ──no──► CANCELLED ─────────────────────┐
 *                    │ yes                                                                          │
 *                    ▼                                                                              ▼
 *              ┌── lane ──┐ would wait too long                                              report acked
 *              │  has room├──────────────────────────► PARKED until there is room ──────────►      │
 *              └────┬─────┘                                                                  ┌──────┴───────┐
 *        at once or │ after a moment in the line                                             │ parked: retry│
 *                   ▼                                                                        │ record acked │
 *                 send ─► one Outcome ─► Verdict ─► DELIVERED, PARKED for retry, FAILED ───► │ failed: dead │
 *                           │                                                                │ letter acked │
 *                           └─► Pace: window and next slot of the lane                       └──────┬───────┘
 *                                                                                                   ▼
 *   repeat (after a crash: the report is there already) ───────────────────────────────────►    settle
 * </pre>
 *
 * <p>Every path ends in exactly one report before the claim settles, so the offset never passes a
 * delivery whose fate is not on disk. All state lives on one thread, {@code dispatch}; requests and
 * writes run elsewhere and come back to it, so nothing here is locked and nothing here waits.
 */
public final class Dispatcher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration TICK = Duration.ofMillis(20);
  private static final Duration UNTIL_READABLE = Duration.ofMinutes(1);
  private static final Duration LANE_KEPT = Duration.ofMinutes(1);

  private final Directory directory;
  private final DirectoryFeed feed;
  private final Sender sender;
  private final RetryTopics retries;
  private final OutcomeLog outcomes;
  private final DeliveryMetrics metrics;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("dispatch").factory());
  private final Map<DestinationId, Lane> lanes = new HashMap<>();
  private final Set<Lane> lined = new LinkedHashSet<>();
  private volatile int openLanes;

  /** Collaborators of the algorithm. */
  public Dispatcher(
      Directory directory,
      DirectoryFeed feed,
      Sender sender,
      RetryTopics retries,
      OutcomeLog outcomes,
      DeliveryMetrics metrics,
      InstantSource clock,
      RandomGenerator random) {
    this.directory = directory;
    this.feed = feed;
    this.sender = sender;
    this.retries = retries;
    this.outcomes = outcomes;
    this.metrics = metrics;
    this.clock = clock;
    this.random = random;
    metrics.gauge("postrider.lanes", () -> openLanes, "state", "open");
    thread.scheduleAtFixedRate(
        () -> guarded(this::pumpLines), TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    thread.scheduleAtFixedRate(() -> guarded(this::forgetIdleLanes), 10, 10, TimeUnit.SECONDS);
  }

  /** Takes a delivery that is due. */
  public void accept(Delivery delivery, Claim claim) {
    run(() -> begin(new Work(delivery, claim, clock.instant())));
  }

  /**
   * Takes a delivery whose report was written before a crash: only what follows from it is done.
   */
  public void repeat(Delivery delivery, Report report, Claim claim) {
    if (claim.start()) {
      whenDone(follow(delivery, report), delivery, claim);
    }
  }

  private void begin(Work work) {
    Optional<Destination> destination = directory.find(work.delivery().destination());
    if (destination.isPresent()) {
      proceed(work, destination.get());
    } else {
      // Another worker's directory may be newer than ours: believe only after catching up.
      feed.caughtUp().whenComplete((_, fault) -> run(() -> beginCaughtUp(work, fault)));
    }
  }

  private void beginCaughtUp(Work work, @Nullable Throwable fault) {
    if (fault != null) {
      thread.schedule(() -> run(() -> begin(work)), 1, TimeUnit.SECONDS);
      return;
    }
    DestinationId id = work.delivery().destination();
    Optional<Destination> destination = directory.find(id);
    if (destination.isPresent()) {
      proceed(work, destination.get());
    } else if (directory.isUnreadable(id)) {
      Instant later = clock.instant().plus(UNTIL_READABLE);
      park(work, new Decision.Parked(later, Decision.Why.FULL));
    } else {
      cancel(work);
    }
  }

  private void proceed(Work work, Destination destination) {
    boolean own = destination.tenant().equals(work.delivery().event().tenant());
    if (!own || !destination.active()) {
      cancel(work);
      return;
    }
    Instant now = clock.instant();
    Lane lane = laneOf(destination, now);
    switch (lane.offer(work, now)) {
      case Lane.Answer.Go() -> send(lane, work, now);
      case Lane.Answer.Wait() -> lined.add(lane);
      case Lane.Answer.Park(Decision.Parked decision) -> park(work, decision);
    }
  }

  private Lane laneOf(Destination destination, Instant now) {
    Lane lane = lanes.get(destination.id());
    if (lane == null) {
      lane = new Lane(sender.ready(destination, now), retries.shortestWait(), now);
      lanes.put(destination.id(), lane);
    } else if (!lane.serves(destination, now)) {
      lane.serve(sender.ready(destination, now));
    }
    return lane;
  }

  private void send(Lane lane, Work work, Instant now) {
    if (!work.claim().start()) {
      return;
    }
    lane.opened(work, now);
    metrics.attemptStarted();
    sender
        .send(lane.receiver(), work.delivery(), now)
        .subscribe(attempt -> run(() -> ended(lane, work, attempt)));
  }

  private void ended(Lane lane, Work work, Attempt attempt) {
    CrashPoint.AFTER_RESPONSE.reached();
    Instant now = clock.instant();
    Delivery delivery = work.delivery();
    learn(lane.pace(), attempt, now);
    metrics.attemptEnded(attempt);
    if (!work.claim().held()) {
      close(lane, work);
      return;
    }
    Verdict verdict =
        Verdict.on(
            attempt.outcome(),
            delivery.attempt(),
            lane.receiver().destination().retry(),
            now,
            random);
    measure(delivery, attempt, now);
    conclude(work, verdict.counts() ? attempt : null, verdict.decision(), now)
        .whenComplete((_, _) -> run(() -> close(lane, work)));
  }

  private void close(Lane lane, Work work) {
    lane.closed(work);
    pump(lane, clock.instant());
  }

  private void measure(Delivery delivery, Attempt attempt, Instant now) {
    if (delivery.due() != null) {
      metrics.sentLate(Duration.between(delivery.due(), attempt.startedAt()));
    } else if (attempt.outcome() instanceof Outcome.Accepted && delivery.attempt() == 1) {
      metrics.acceptedAfter(Duration.between(delivery.event().id().time(), now));
    }
  }

  private static void learn(Pace pace, Attempt attempt, Instant now) {
    switch (attempt.outcome()) {
      case Outcome.Accepted _ -> pace.succeeded(attempt.duration());
      case Outcome.Rejected(int status, Duration retryAfter)
          when status == 429 || status == 503 -> {
        pace.overloaded(attempt.duration());
        if (retryAfter != null) {
          pace.hold(now, retryAfter);
        }
      }
      case Outcome.Unreachable(Outcome.Cause cause) when cause.slow() ->
          pace.overloaded(attempt.duration());
      case Outcome.Rejected _, Outcome.Unreachable _ -> pace.answered(attempt.duration());
      case Outcome.Refused _ -> {}
    }
  }

  private void cancel(Work work) {
    if (work.claim().start()) {
      conclude(work, null, new Decision.Finished(CANCELLED), clock.instant());
    }
  }

  private void park(Work work, Decision.Parked decision) {
    if (work.claim().start()) {
      conclude(work, null, decision, clock.instant());
    }
  }

  /**
   * The report first, what follows from it second, the claim last. Completes with the report: until
   * then a request counts as in flight, since a crash would repeat it.
   */
  private CompletableFuture<Void> conclude(
      Work work, @Nullable Attempt attempt, Decision decision, Instant now) {
    Delivery delivery = work.delivery();
    Report report = Report.of(delivery, attempt, decision, now);
    if (decision instanceof Decision.Finished(var state)) {
      metrics.deliveryFinished(state);
    }
    CompletableFuture<Void> written =
        outcomes.write(report).thenRun(CrashPoint.AFTER_OUTCOME::reached);
    whenDone(written.thenCompose(_ -> follow(delivery, report)), delivery, work.claim());
    return written;
  }

  private CompletableFuture<Void> follow(Delivery delivery, Report report) {
    return switch (report.decision()) {
      case Decision.Finished(var state) when state == FAILED ->
          outcomes.writeDeadLetter(delivery, report);
      case Decision.Finished _ -> CompletableFuture.completedFuture(null);
      case Decision.Parked parked ->
          retries
              .park(delivery.waiting(report.attempts() + 1, parked), parked.why(), report.at())
              .thenRun(CrashPoint.AFTER_PARK::reached);
    };
  }

  private static void whenDone(CompletableFuture<Void> written, Delivery delivery, Claim claim) {
    written.whenComplete(
        (_, fault) -> {
          if (fault == null) {
            claim.settle();
          } else {
            LOG.error("{} stays unsettled and will be read again", delivery.id(), fault);
          }
        });
  }

  private void pump(Lane lane, Instant now) {
    for (Work work = lane.next(now); work != null; work = lane.next(now)) {
      send(lane, work, now);
    }
    for (Work work = lane.nextOverdue(now); work != null; work = lane.nextOverdue(now)) {
      park(work, lane.full(now));
    }
    if (!lane.hasLine()) {
      lined.remove(lane);
    }
  }

  private void pumpLines() {
    Instant now = clock.instant();
    List.copyOf(lined).forEach(lane -> pump(lane, now));
    openLanes = lanes.size();
  }

  private void forgetIdleLanes() {
    Instant now = clock.instant();
    lanes.values().removeIf(lane -> lane.idleFor(LANE_KEPT, now));
  }

  private void run(Runnable step) {
    thread.execute(() -> guarded(step));
  }

  /** A bug in one step must not stop the thread that serves all others. */
  private static void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.error("a step of the dispatcher failed; its delivery stays unsettled", e);
    }
  }

  /** Stops the thread; what is not settled by now stays unsettled. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
