// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static dev.postrider.model.delivery.DeliveryState.CANCELLED;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.Ordering;
import dev.postrider.model.retry.RetryPolicy;
import dev.postrider.worker.crash.CrashPoint;
import dev.postrider.worker.directory.Directory;
import dev.postrider.worker.directory.DirectoryFeed;
import dev.postrider.worker.http.Receiver;
import dev.postrider.worker.http.Sender;
import dev.postrider.worker.metrics.DeliveryMetrics;
import dev.postrider.worker.outcome.OutcomeLog;
import dev.postrider.worker.retry.RetryTopics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The algorithm: what happens to a delivery from the moment it is taken until it has settled.
 *
 * <pre>
 *   accept ─► destination known, active, own; not called off? ──no─► CANCELLED ──────────────────┐
 *                    │ yes                                                                       │
 *                    ▼           it would wait too long: full, paced, broken, out of order       │
 *              ┌── lane ──┐ ──────────────────────────────────────────────────► PARKED ───────► conclude
 *              └────┬─────┘                                                                      │
 *        at once or │ after a moment in the line                                    {@link Conclusions}: report,
 *                   ▼                                                               then retry record or
 *                 send ─► one Outcome ─► Verdict ─► DELIVERED, PARKED for a retry,  dead letter, then
 *                           │                       FAILED ──────────────────────►  the claim settles
 *                           └─► the lane learns: window, breaker, hold                           ▲
 *                                                                                                │
 *   repeat (after a crash: the report is there already) ─────────────────────────────────────────┘
 * </pre>
 *
 * <p>Every path ends in exactly one report before the claim settles, so the offset never passes a
 * delivery whose fate is not on disk. All state lives on one thread, which sends the requests and
 * reads the answers too; writes run elsewhere and come back to it. So nothing here is locked, and
 * nothing here may wait.
 */
public final class Dispatcher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration TICK = Duration.ofMillis(20);
  private static final Duration TICK_WHEN_BUSY = Duration.ofMillis(5);
  private static final Duration UNTIL_READABLE = Duration.ofMinutes(1);
  private static final Duration REVIEW = Duration.ofSeconds(1);

  private final Directory directory;
  private final DirectoryFeed feed;
  private final Sender sender;
  private final DeliveryMetrics metrics;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Loop thread;
  private final Backlogs backlogs = new Backlogs();
  private final Conclusions conclusions;
  private final Lanes lanes;
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile int waitingForUs;
  private Instant nextReview = Instant.EPOCH;
  private final Map<DestinationId, List<Work>> unknown = new HashMap<>();

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
    this.metrics = metrics;
    this.clock = clock;
    this.random = random;
    this.lanes = new Lanes(sender, retries.tiers(), backlogs);
    this.thread = new Loop(sender.thread());
    this.conclusions = new Conclusions(outcomes, retries, backlogs, metrics, thread);
    thread.tick(this::tick);
  }

  /** Takes a delivery that is due. */
  public void accept(Delivery delivery, Claim claim) {
    Work work = new Work(delivery, claim, clock.instant());
    accepted.incrementAndGet();
    run(work, () -> begin(work));
  }

  /**
   * How many deliveries wait for nothing but this worker: whoever brings more should wait while
   * they are many. May be asked by any thread.
   */
  public int waiting() {
    return accepted.get() + waitingForUs;
  }

  /**
   * Takes a delivery whose report was written before a crash: only what follows from it is done.
   */
  public void repeat(Delivery delivery, Report report, Claim claim) {
    Delivery placed = report.place() == null ? delivery : delivery.at(report.place());
    run(() -> repeat(new Work(placed, claim, clock.instant()), report));
  }

  private void repeat(Work work, Report report) {
    if (work.claim().start()) {
      Optional<Lane> lane = lanes.find(work.delivery().destination());
      conclusions.repeat(backlogs.putOffAgain(work, lane), report);
    }
  }

  /**
   * Other partitions are this worker's from now on.
   *
   * @param written what was put off, of destinations in these partitions that want order
   */
  public void takeOver(Map<DestinationId, Backlog> written) {
    run(
        () -> {
          lanes.forgetOrdered();
          backlogs.replace(written);
        });
  }

  /** Takes a delivery with which somebody else met a defect of ours: it counts as refused. */
  public void refuse(Delivery delivery, Claim claim, RuntimeException defect) {
    run(() -> refuse(new Work(delivery, claim, clock.instant()), defect));
  }

  /** How many lanes are in that state; may be asked by any thread. */
  long lanes(Lane.State state) {
    return lanes.count(state);
  }

  private void begin(Work work) {
    accepted.decrementAndGet();
    DestinationId id = work.delivery().destination();
    Optional<Destination> destination = directory.find(id);
    List<Work> others = unknown.get(id);
    if (others != null) {
      others.add(work);
    } else if (destination.isPresent()) {
      proceed(work, destination.get());
    } else {
      catchUp(id);
      unknown.put(id, new ArrayList<>(List.of(work)));
    }
  }

  /** Another worker's directory may be newer than ours: it is believed only after catching up. */
  private void catchUp(DestinationId id) {
    feed.caughtUp().whenComplete((_, fault) -> run(() -> caughtUp(id, fault)));
  }

  private void caughtUp(DestinationId id, @Nullable Throwable fault) {
    if (fault != null) {
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, thread).execute(() -> catchUp(id));
      return;
    }
    Optional<Destination> destination = directory.find(id);
    for (Work work : Objects.requireNonNull(unknown.remove(id))) {
      orConcluded(
          work,
          () -> destination.ifPresentOrElse(known -> proceed(work, known), () -> missing(work)));
    }
  }

  private void missing(Work work) {
    if (directory.isUnreadable(work.delivery().destination())) {
      Instant later = clock.instant().plus(UNTIL_READABLE);
      park(work, new Decision.Parked(later, Decision.Why.FULL));
    } else {
      cancel(work);
    }
  }

  private void proceed(Work given, Destination destination) {
    Work work = inOrder(given, destination);
    boolean own = destination.tenant().equals(work.delivery().event().tenant());
    boolean calledOff = given.delivery().run().cancels() && destination.ordering() == Ordering.NONE;
    if (!own || !destination.active() || calledOff) {
      cancel(work);
      return;
    }
    Instant now = clock.instant();
    Lane lane = lanes.of(destination, now);
    obey(lane.offer(work, now), lane, work, now);
  }

  private static Work inOrder(Work work, Destination destination) {
    return destination.ordering() == Ordering.FIFO ? work.inOrder() : work;
  }

  private void obey(Lane.Answer answer, Lane lane, Work work, Instant now) {
    switch (answer) {
      case Lane.Answer.Go() -> send(lane, work, now);
      case Lane.Answer.Wait() -> pump(lane, now);
      case Lane.Answer.Park(Decision.Parked decision, Long behind) ->
          park(behind == null ? work : work.behind(behind), decision);
      case Lane.Answer.Cancel() -> cancel(work);
    }
  }

  private void send(Lane lane, Work work, Instant now) {
    if (work.delivery().run().cancels()) {
      cancel(work); // in an order only when it is its turn, or those behind it would overtake
      return;
    }
    if (!work.claim().start()) {
      return;
    }
    lane.opened(work, now);
    metrics.attemptStarted();
    Receiver receiver = lane.receiver();
    sender.send(
        receiver,
        work.delivery(),
        now,
        attempt ->
            thread.take(() -> orConcluded(work, () -> ended(lane, work, receiver, attempt))));
  }

  private void ended(Lane lane, Work work, Receiver receiver, Attempt attempt) {
    CrashPoint.AFTER_RESPONSE.reached();
    metrics.attemptEnded(attempt);
    work.about(LOG.atDebug())
        .addKeyValue("postrider.attempt", work.delivery().attempt())
        .log("{}: {}", work.delivery().id(), attempt.outcome().reason());
    Instant now = clock.instant();
    Delivery delivery = work.delivery();
    Verdict verdict = verdict(lane, work, receiver, attempt, now);
    lane.landed(work);
    if (work.claim().held()) {
      measure(delivery, attempt, now);
      conclusions
          .conclude(work, verdict.counts() ? attempt : null, verdict.decision(), now, lane.isFull())
          .whenComplete((_, _) -> close(lane, work));
      lane.decided(verdict.decision());
      goOn(lane, now);
    } else {
      // Another worker has it now and makes this attempt itself: as if we had died before it.
      lane.closed(work);
      goOn(lane, now);
    }
  }

  /** A token that is taken no longer says nothing about the receiver, nor about the delivery. */
  private Verdict verdict(Lane lane, Work work, Receiver receiver, Attempt attempt, Instant now) {
    Optional<Decision.Parked> putOff = lane.tokenRefused(attempt, work, receiver, now);
    if (putOff.isPresent()) {
      return Verdict.putOff(putOff.get());
    }
    lane.learn(attempt, work, receiver, now);
    RetryPolicy policy = receiver.destination().retry();
    return Verdict.on(attempt.outcome(), attemptsOf(work.delivery()), policy, now, random);
  }

  /** The hand was free when the answer came; now a place in this lane's window is. */
  private void close(Lane lane, Work work) {
    lane.closed(work);
    pump(lane, clock.instant());
  }

  /** The hands that are free now are another lane's first, so that each has its share of them. */
  private void goOn(Lane lane, Instant now) {
    Lane other = lanes.nextLined();
    if (other != null && other != lane) {
      pump(other, now);
    }
    pump(lane, now);
  }

  /** As its schedule counts them, the one that comes or came next included. */
  private static int attemptsOf(Delivery delivery) {
    return delivery.run().attempts(delivery.attempt());
  }

  private void measure(Delivery delivery, Attempt attempt, Instant now) {
    if (delivery.due() != null && !delivery.due().equals(Delivery.AT_ONCE)) {
      metrics.sentLate(delivery.due().until(attempt.startedAt()));
    } else if (attempt.outcome() instanceof Outcome.Accepted && Turn.of(delivery) == Turn.FIRST) {
      metrics.acceptedAfter(delivery.event().id().time().until(now));
    }
  }

  private void cancel(Work work) {
    if (work.claim().start()) {
      conclude(work, new Decision.Finished(CANCELLED));
    }
  }

  private void park(Work work, Decision.Parked decision) {
    if (work.claim().start()) {
      conclude(work, decision);
    }
  }

  /** What is decided without an attempt holds no place that another might wait for. */
  private void conclude(Work work, Decision decision) {
    conclusions.conclude(work, null, decision, clock.instant(), false);
  }

  /** A defect here is none of the delivery that happened to lead here. */
  private void pump(Lane lane, Instant now) {
    Loop.guarded(() -> serve(lane, now));
    lanes.lineChanged(lane);
  }

  private void serve(Lane lane, Instant now) {
    if (!lane.hasLine()) {
      return;
    }
    boolean active = lane.roomFor(now) && upToDate(lane, now);
    for (Work work = lane.next(now); work != null; work = lane.next(now)) {
      Work next = work;
      orConcluded(
          next,
          () -> {
            if (active) {
              send(lane, next, now);
            } else {
              cancel(next);
            }
          });
    }
    for (Work work = lane.nextOverdue(now); work != null; work = lane.nextOverdue(now)) {
      Work overdue = work;
      orConcluded(overdue, () -> obey(lane.dismiss(overdue, now), lane, overdue, now));
    }
  }

  /** What waits in a lane may have been there when its destination was changed or went. */
  private boolean upToDate(Lane lane, Instant now) {
    Optional<Destination> newest = directory.find(lane.receiver().destination().id());
    newest
        .filter(destination -> !lane.serves(destination, now))
        .ifPresent(destination -> lane.serve(sender.ready(destination, now)));
    return newest.isPresent() && newest.get().active();
  }

  /** Returns when to come again: soon, where requests that hang may have to be given up on. */
  private Duration tick(Duration late) {
    Instant now = clock.instant();
    lanes.adjust(late, now.plus(TICK));
    if (!now.isBefore(nextReview)) {
      nextReview = now.plus(REVIEW);
      lanes.lined().forEach(lane -> review(lane, now));
      lanes.review(now);
    }
    waitingForUs = lanes.waitingForUs(now);
    List<Lane> lined = lanes.lined();
    lined.stream().takeWhile(_ -> lanes.handFree(now)).forEach(lane -> pump(lane, now));
    return lined.isEmpty() ? TICK : TICK_WHEN_BUSY;
  }

  /** Its destination may have changed, and what waits may have waited for too long. */
  private void review(Lane lane, Instant now) {
    Loop.guarded(() -> upToDate(lane, now));
    pump(lane, now);
  }

  private void run(Work work, Runnable step) {
    thread.begin(() -> orConcluded(work, step));
  }

  private void run(Runnable step) {
    thread.begin(step);
  }

  /** A defect that one delivery brings to light must end with it: on its schedule, as a failure. */
  private void orConcluded(Work work, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      refuse(work, e);
    }
  }

  /** Should it have been sent, its place in the window is free again, or defects would close it. */
  private void refuse(Work given, RuntimeException defect) {
    if (!given.claim().start()) {
      return;
    }
    Optional<Lane> lane = lanes.find(given.delivery().destination());
    boolean sent = lane.isPresent() && lane.get().isOpen(given);
    if (given.claim().held()) {
      Attempt attempt = refused(given, defect);
      Instant now = attempt.startedAt();
      RetryPolicy policy = RetryPolicy.DEFAULT;
      int attempts = attemptsOf(given.delivery());
      Verdict verdict = Verdict.on(attempt.outcome(), attempts, policy, now, random);
      if (!sent) {
        metrics.attemptStarted();
        metrics.attemptEnded(attempt);
        lane.ifPresent(one -> putOffBefore(one, verdict.decision(), now));
      }
      Work work = sent ? given : inItsPlace(given, lane.map(Lane::head).orElse(null));
      conclusions
          .conclude(work, attempt, verdict.decision(), now, sent)
          .whenComplete((_, _) -> lane.ifPresent(one -> close(one, work)));
      lane.ifPresent(one -> one.decided(verdict.decision()));
    } else {
      lane.ifPresent(one -> close(one, given));
    }
  }

  /** In an order nobody is put off past others that stand in the line: they are put off as well. */
  private void putOffBefore(Lane lane, Decision decision, Instant now) {
    lane.decided(decision);
    pump(lane, now);
  }

  private Work inItsPlace(Work given, @Nullable Work head) {
    Optional<Destination> destination = directory.find(given.delivery().destination());
    Work work = destination.map(known -> inOrder(given, known)).orElse(given);
    return backlogs.placed(work, head);
  }

  private Attempt refused(Work work, Throwable defect) {
    work.about(LOG.atError())
        .setCause(defect)
        .log("{} met a defect of ours and counts as refused", work.delivery().id());
    return Attempt.refused(Outcome.Why.INTERNAL, clock.instant());
  }

  /** Stops; what is not settled by now stays unsettled. */
  @Override
  public void close() {
    thread.close();
    sender.close();
  }
}
