// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.Limits;
import dev.postrider.model.destination.Ordering;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.worker.http.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One destination in use: what is open, what waits a moment, and how fast it may go. Nobody waits
 * here for longer than a moment; who would have to is told to park, and until when. Not
 * thread-safe: the dispatcher's thread owns it.
 *
 * <pre>
 *   it answered 410                ─► CANCEL (until its configuration changes)
 *   it has no token to show        ─► PARK   until there may be one, AUTHORIZATION
 *   broken, and no probe is due    ─► PARK   until the next probe, FULL
 *   rate or hold: slot after then  ─► PARK   until its slot, PACED
 *   hangs, and its event would too ─► PARK   for half of the expected wait, FULL
 *   window and gate have room      ─► GO
 *   expected wait ≤ moment         ─► WAIT   in the line, in memory
 *   else                           ─► PARK   for half of the expected wait, FULL
 * </pre>
 */
sealed class Lane permits FifoLane {

  /**
   * A hanging receiver's deliveries come back this often, so that its recovery is noticed; one tier
   * with the usual ones, so that it costs the others little.
   */
  static final Duration LONGEST_PARKING = Duration.ofSeconds(30);

  /** Payloads of more than this are not open, or nothing is left for others; in bytes. */
  private static final long LARGEST_OPEN = 2L * 1024 * 1024;

  /** So many are served by the thousand a second, unless the receiver is slow. */
  private static final int MANY_OPEN = 32;

  private static final Duration KEPT = Duration.ofMinutes(1);
  private static final Duration KEPT_BROKEN = Duration.ofHours(1);
  private static final int UNAUTHORIZED = 401;
  private static final int GONE = 410;

  private final Duration moment;
  private final Pace pace;
  private final Breaker breaker = new Breaker();
  private final TokenCheck token = new TokenCheck();
  private final Line line = new Line();
  private final Parking parking;
  private final Map<Claim, Work> open = new LinkedHashMap<>();
  private final Map<Claim, Flights.Flight> unanswered = new LinkedHashMap<>();
  private final Flights flights;
  private Receiver receiver;
  private Instant lastUsed;
  private long openLength;
  private boolean gone;
  private boolean hangs;

  /**
   * A lane that is not used yet.
   *
   * @param crowd how many lanes are putting off
   */
  Lane(Receiver receiver, RetryTiers tiers, Flights flights, IntSupplier crowd, Instant now) {
    this.receiver = receiver;
    this.moment = tiers.shortest().delay();
    this.parking = new Parking(tiers, crowd, now);
    this.flights = flights;
    this.pace = new Pace(limits(receiver), now);
    this.lastUsed = now;
  }

  /** What a lane says to a delivery. */
  sealed interface Answer {
    /** Send it now. */
    record Go() implements Answer {}

    /** It stands in the line now. */
    record Wait() implements Answer {}

    /**
     * It would wait too long: put it off.
     *
     * @param behind number of the delivery that it must not overtake; null if there is no order
     */
    record Park(Decision.Parked decision, @Nullable Long behind) implements Answer {}

    /** It will never be taken. */
    record Cancel() implements Answer {}
  }

  /** As in the metric. */
  enum State {
    OPEN,
    PACED,
    BROKEN
  }

  Receiver receiver() {
    return receiver;
  }

  /** Whether the receiver was made from this very snapshot and its keys still hold. */
  boolean serves(Destination destination, Instant now) {
    return receiver.destination().version() == destination.version()
        && receiver.destination().authentication().equals(destination.authentication())
        && receiver.fresh(now);
  }

  void serve(Receiver newest) {
    gone &= newest.destination().version() == receiver.destination().version();
    receiver = newest;
    pace.limitTo(limits(newest));
  }

  private static Limits limits(Receiver receiver) {
    Limits limits = receiver.destination().limits();
    boolean inOrder = receiver.destination().ordering() == Ordering.FIFO;
    return inOrder ? new Limits(1, limits.requestsPerSecond()) : limits;
  }

  boolean gone() {
    return gone;
  }

  /** Says what becomes of a delivery, new or come back. */
  final Answer offer(Work work, Instant now) {
    lastUsed = now;
    Decision.Why waitedFor = work.delivery().waitedFor();
    if (waitedFor == Decision.Why.FULL || waitedFor == Decision.Why.AUTHORIZATION) {
      parking.remove();
    }
    return gone ? new Answer.Cancel() : judge(work, now);
  }

  Answer judge(Work work, Instant now) {
    boolean ownsSlot = ownsSlot(work, now);
    boolean go = line.isEmpty() && roomFor(now);
    if (wouldHoldUpEvents(work) || (!go && mustPark(work, ownsSlot, now))) {
      return putOff(work, now);
    }
    if (!ownsSlot) {
      pace.takeSlot(Turn.of(work.delivery()), now);
    }
    if (go) {
      return new Answer.Go();
    }
    stand(work);
    return new Answer.Wait();
  }

  void stand(Work work) {
    line.add(work);
  }

  /** The oldest of those that are open. */
  @Nullable Work head() {
    return open.isEmpty() ? null : open.values().iterator().next();
  }

  /** Whether the one with that number is open or waits here. */
  boolean holds(long number) {
    return line.holds(number) || open.values().stream().anyMatch(one -> one.number() == number);
  }

  boolean isOpen(Work work) {
    return open.containsKey(work.claim());
  }

  /** Until its event has settled, the offset of its partition stays below; a tier can bear that. */
  private boolean wouldHoldUpEvents(Work work) {
    return hangs && work.handedOver();
  }

  private boolean mustPark(Work work, boolean ownsSlot, Instant now) {
    return barred(now)
        || (ownsSlot ? pace.held(now.plus(moment)) : hasLaterSlot(Turn.of(work.delivery()), now))
        || (awaitsAnswers() && line.isFull(Turn.of(work.delivery())))
        || expectedWait(line.before(Turn.of(work.delivery())), now).compareTo(moment) > 0;
  }

  /** Whether a request can begin only when the report of another is safe. */
  boolean isFull() {
    return open.size() >= window();
  }

  /**
   * Whether it is full for its receiver's sake. Where most of many have been answered it waits for
   * this worker's reports; a few are no sign of that, since their answers come one at a time.
   */
  private boolean awaitsAnswers() {
    boolean reports = open.size() >= MANY_OPEN && 2 * unanswered.size() < open.size();
    return isFull() && !reports;
  }

  private int window() {
    return Math.min(pace.window(), mostOpen());
  }

  private int mostOpen() {
    return openLength < LARGEST_OPEN ? Integer.MAX_VALUE : open.size();
  }

  /** A slot is owned only around its time: those that passed during an outage do not add up. */
  private boolean ownsSlot(Work work, Instant now) {
    Instant due = work.delivery().due();
    return work.delivery().waitedFor() == Decision.Why.PACED
        && due != null
        && !due.plus(moment).isBefore(now);
  }

  private boolean hasLaterSlot(Turn turn, Instant now) {
    return pace.slot(turn, now).isAfter(now.plus(moment));
  }

  /** While it is broken, one at a time; without a token, none. */
  private boolean barred(Instant now) {
    return unauthorized(now) || (breaker.broken() && (breaker.bars(now) || !open.isEmpty()));
  }

  private boolean unauthorized(Instant now) {
    return token.bars(receiver.destination().authentication(), now);
  }

  boolean roomFor(Instant now) {
    return mayBegin(now) && !isFull() && flights.room(now);
  }

  private boolean mayBegin(Instant now) {
    return !gone && !barred(now) && pace.open(now);
  }

  /** How many wait here for nothing but this worker: for its hands, or for its reports. */
  int waitingForUs(Instant now) {
    return mayBegin(now) && !awaitsAnswers() ? line.size() : 0;
  }

  /** As far as the receiver is concerned: what waits for our own hands is not put off for it. */
  private Duration expectedWait(int before, Instant now) {
    return pace.expectedWait(open.size() + before + 1 - window(), typicalAge(now), mostOpen());
  }

  /**
   * For how long half of the answers have been waited for: one that hangs does not speak for all.
   */
  private Duration typicalAge(Instant now) {
    int older = unanswered.size() / 2;
    for (Flights.Flight one : unanswered.values()) {
      if (older-- == 0) {
        return flights.age(one, now);
      }
    }
    return Duration.ZERO;
  }

  private boolean quick(Instant now) {
    return pace.latency(typicalAge(now)).compareTo(Flights.QUICK) < 0;
  }

  /** Until when one has to wait who cannot wait here. */
  Answer putOff(Work work, Instant now) {
    if (unauthorized(now)) {
      return new Answer.Park(awaitingToken(work, now), null);
    }
    Turn turn = Turn.of(work.delivery());
    boolean held = pace.held(now.plus(moment));
    if (held || (!breaker.broken() && hasLaterSlot(turn, now))) {
      Instant slot = pace.takeSlot(turn, now);
      return new Answer.Park(new Decision.Parked(slot, Decision.Why.PACED), null);
    }
    parking.add(now);
    int ahead = ahead(work);
    Instant later = now.plus(parking.waitOr(ahead, untilThereIsRoom(ahead, now), now));
    return new Answer.Park(new Decision.Parked(later, Decision.Why.FULL), null);
  }

  private Decision.Parked awaitingToken(Work work, Instant now) {
    parking.add(now);
    Duration pause = token.pause(receiver.destination().authentication(), now);
    Instant later = now.plus(parking.waitOr(ahead(work), pause, now));
    return new Decision.Parked(later, Decision.Why.AUTHORIZATION);
  }

  /** How many of those that are put off go before that one: all of them, where nobody knows. */
  int ahead(Work work) {
    return parking.count();
  }

  /**
   * Half of the wait that is expected: should the receiver be quicker by then, he is served; if
   * not, he has come back but a few times when it is his turn.
   */
  private Duration untilThereIsRoom(int ahead, Instant now) {
    return breaker.broken()
        ? Duration.between(now, breaker.nextProbe(now))
        : Parking.shorter(expectedParking(ahead, now).dividedBy(2), LONGEST_PARKING);
  }

  boolean putsOff(Instant now) {
    return parking.goesOn(now);
  }

  /** Other partitions came or went: how many are put off is not known any more. */
  void forgetParked() {
    parking.forget();
  }

  /** How long so many of those that are put off here will take, as far as can be said. */
  Duration expectedParking(int ahead, Instant now) {
    return pace.expectedWait(ahead, typicalAge(now), mostOpen());
  }

  /** The next of the line, if it may go now. */
  @Nullable Work next(Instant now) {
    return roomFor(now) ? line.remove() : null;
  }

  /** One of the line that will not go from here, since it has waited for too long. */
  @Nullable Work nextOverdue(Instant now) {
    if (line.isEmpty()) {
      return null;
    }
    if (gone || pace.held(now.plus(moment))) {
      return removeFromLine();
    }
    Instant longAgo = longAgo(now);
    boolean overdue =
        line.hasSince(longAgo)
            && (barred(now) || expectedWait(line.size(), now).compareTo(moment) > 0);
    return overdue ? line.removeSince(longAgo) : null;
  }

  @Nullable Work removeFromLine() {
    return line.removeSince(Instant.MAX);
  }

  boolean isOverdue(Work work, Instant now) {
    return gone || work.since().isBefore(longAgo(now));
  }

  private Instant longAgo(Instant now) {
    return now.minus(moment).minus(moment);
  }

  /** What becomes of that one. */
  Answer dismiss(Work overdue, Instant now) {
    return gone ? new Answer.Cancel() : putOff(overdue, now);
  }

  boolean hasLine() {
    return !line.isEmpty();
  }

  void opened(Work work, Instant now) {
    pace.began(now);
    breaker.began(now);
    unanswered.put(work.claim(), flights.begin(quick(now), now));
    open.put(work.claim(), work);
    openLength += work.length();
  }

  /** What follows for a delivery whose token the receiver does not take; empty for any other. */
  Optional<Decision.Parked> tokenRefused(Attempt attempt, Work work, Receiver asked, Instant now) {
    return attempt.outcome() instanceof Outcome.Rejected(int status, _)
            && status == UNAUTHORIZED
            && token.refuses(asked.destination().authentication(), work.delivery(), now)
        ? Optional.of(awaitingToken(work, now))
        : Optional.empty();
  }

  /** What the end of a request says about the receiver; faults of our own say nothing. */
  void learn(Attempt attempt, Work work, Receiver asked, Instant now) {
    Flights.Flight flight = unanswered.get(work.claim());
    Duration took = attempt.duration();
    Duration theirs = flight == null ? took : flights.theirs(flight, took, now);
    hangs &= attempt.outcome() instanceof Outcome.Refused;
    switch (attempt.outcome()) {
      case Outcome.Accepted _ -> {
        pace.succeeded(theirs);
        if (breaker.succeeded()) {
          pace.rampUp();
        }
      }
      case Outcome.Rejected(int status, Duration retryAfter)
          when status == 429 || status == 503 -> {
        pace.overloaded(theirs);
        breaker.failed(now);
        if (retryAfter != null) {
          pace.hold(now, retryAfter);
        }
      }
      case Outcome.Unreachable(Outcome.Cause cause) when cause.slow() -> {
        hangs = true;
        pace.overloaded(theirs);
        breaker.failed(now);
      }
      case Outcome.Rejected(int status, _) -> {
        pace.answered(theirs);
        breaker.failed(now);
        gone |= status == GONE && serves(asked.destination(), now);
      }
      case Outcome.Unreachable _ -> {
        pace.answered(theirs);
        breaker.failed(now);
      }
      case Outcome.Refused _ -> {}
    }
  }

  /** Its answer is there, or will not come: it needs this worker's hands no more. */
  void landed(Work work) {
    Flights.Flight answered = unanswered.remove(work.claim());
    if (answered != null) {
      flights.end(answered);
    }
  }

  /** It is decided what follows for one that was sent from here. */
  void decided(Decision decision) {}

  /** Its report is safe: only now does the request no longer count as in flight. */
  void closed(Work work) {
    landed(work);
    Work ended = open.remove(work.claim());
    if (ended != null) {
      openLength -= ended.length();
      parking.served();
    }
  }

  State state(Instant now) {
    if (breaker.broken()) {
      return State.BROKEN;
    }
    return paced(now) ? State.PACED : State.OPEN;
  }

  private boolean paced(Instant now) {
    return hasLaterSlot(Turn.FIRST, now) || hasLaterSlot(Turn.AGAIN, now) || !pace.open(now);
  }

  /** Whether nothing has happened here for so long that it can be forgotten. */
  boolean idle(Instant now) {
    Duration kept = breaker.broken() ? KEPT_BROKEN : KEPT;
    return open.isEmpty() && !hasLine() && lastUsed.plus(kept).isBefore(now) && !paced(now);
  }
}
