// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.dispatch.Claim;
import dev.postrider.worker.route.Router;
import dev.postrider.worker.route.Router.Route;
import dev.postrider.worker.route.Router.Routed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of an event to its deliveries:
 *
 * <pre>
 *   take ─► line, until the directory is as new ─► route ─┬─ its destination's partition is ours ──► {@link Admission#admit}
 *                                                         ├─ another's, in order, or we are busy ──► written to deliveries
 *                                                         └─ no event ──► undecodable, with the reason
 * </pre>
 *
 * <p>What is handed over is in {@code events} alone, whose offset stays below it until it has
 * settled; so a crash routes it again, and the journal of its destination's partition knows what of
 * it was done, whoever has that then. What is written is in {@code deliveries}, and the event is
 * done with. That an event is written twice does not matter: the second of its deliveries is known.
 *
 * <p>Where all partitions are this worker's, nothing is won by writing what its hands are too busy
 * for: then events wait in their topic. Confined to the intake's thread.
 */
final class EventIntake {

  private static final Logger LOG = LoggerFactory.getLogger(EventIntake.class);

  /** Events in the line; more only wait in memory. */
  private static final int MOST_WAITING = 500;

  /** And payload of more than that, in bytes. */
  private static final long LARGEST_WAITING = 8L * 1024 * 1024;

  /** Routed without a look at Kafka in between: some milliseconds, of a lease of seconds. */
  private static final int MOST_AT_ONCE = 1_000;

  /** Each question costs the broker something, so those that come meanwhile share one. */
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(2);

  /** The directory is asked beside the poll, which does not end when it answers. */
  private static final Duration UNTIL_ANSWERED = Duration.ofMillis(1);

  private static final Duration USUALLY_ANSWERED = Duration.ofMillis(50);

  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);

  private final Topics topics;
  private final Router router;
  private final Assignment assignment;
  private final Admission admission;
  private final BooleanSupplier busy;
  private final Supplier<CompletableFuture<Void>> caughtUp;
  private final Deque<Held> line = new ArrayDeque<>();
  private CompletableFuture<Void> answer = CompletableFuture.completedFuture(null);
  private Instant question = Instant.EPOCH;
  private Instant nextQuestion = Instant.EPOCH;
  private boolean crowded;
  private long length;

  /** How many were ever taken; how many of those the last question is about, how many may go. */
  private long taken;

  private long asked;
  private long ready;

  /** A record and its entry in the ledger. */
  private record Held(
      Assigned partition, ConsumerRecord<byte[], byte[]> record, OffsetLedger.Entry entry) {

    int length() {
      return Math.max(0, record.serializedValueSize());
    }
  }

  /**
   * An empty line.
   *
   * @param busy whether the dispatcher has enough to do
   * @param caughtUp completes when the directory has what was in its topic at the time of the call
   */
  EventIntake(
      Topics topics,
      Router router,
      Assignment assignment,
      Admission admission,
      BooleanSupplier busy,
      Supplier<CompletableFuture<Void>> caughtUp) {
    this.topics = topics;
    this.router = router;
    this.assignment = assignment;
    this.admission = admission;
    this.busy = busy;
    this.caughtUp = caughtUp;
  }

  void take(Assigned partition, ConsumerRecord<byte[], byte[]> record, OffsetLedger.Entry entry) {
    Held held = new Held(partition, record, entry);
    line.add(held);
    length += held.length();
    taken++;
  }

  /** Whether no more should be taken; may be again when half of it has gone. */
  boolean crowded() {
    int share = crowded ? 2 : 1;
    crowded = line.size() > MOST_WAITING / share || length > LARGEST_WAITING / share;
    return crowded;
  }

  /** How soon to come again: at once while some may go, soon while the directory is asked. */
  Optional<Duration> pause(Instant now) {
    if (mayGo()) {
      return Optional.of(Duration.ZERO);
    }
    boolean soon = asks() && now.isBefore(question.plus(USUALLY_ANSWERED));
    return soon ? Optional.of(UNTIL_ANSWERED) : Optional.empty();
  }

  /** Whether all who wait do so for nothing but the directory. */
  private boolean asks() {
    return !line.isEmpty() && line.size() == taken - ready;
  }

  /** Whether the first may go: the directory is new enough, and there is use for it. */
  private boolean mayGo() {
    if (line.size() <= taken - ready) {
      return false;
    }
    Assigned partition = line.element().partition();
    boolean full = assignment.has(partition) && partition.full();
    return !full && !(assignment.hasAllDeliveries() && busy.getAsBoolean());
  }

  /** Routes what the directory is new enough for, and asks for the others. */
  void go(Instant now) {
    if (answer.isDone() && asked > ready) {
      hear(now);
    }
    for (int deliveries = 0; deliveries < MOST_AT_ONCE && mayGo(); ) {
      Held held = line.remove();
      length -= held.length();
      deliveries += route(held, now);
    }
    if (answer.isDone() && asks() && !now.isBefore(nextQuestion)) {
      asked = taken;
      answer = caughtUp.get();
      question = now;
      nextQuestion = now.plus(BETWEEN_QUESTIONS);
    }
  }

  private void hear(Instant now) {
    if (answer.isCompletedExceptionally()) {
      LOG.warn("cannot route, trying again: {}", answer.exceptionNow().toString());
      nextQuestion = now.plus(AFTER_A_FAILURE);
      asked = ready;
    } else {
      ready = asked;
    }
  }

  /** Answers how many deliveries it has become, one at least. */
  private int route(Held held, Instant now) {
    if (!assignment.has(held.partition())) {
      return 1; // whoever has it now routes it, be it we
    }
    OffsetLedger.Entry entry = held.entry();
    entry.release(now);
    return switch (router.route(held.record())) {
      case Routed.Aside(var record) -> {
        admission.write(record, entry);
        yield 1;
      }
      case Routed.To(List<Route> routes) when routes.isEmpty() -> {
        entry.settle();
        yield 1;
      }
      case Routed.To(List<Route> routes) -> {
        List<Claim> claims = entry.split(routes.size());
        for (int i = 0; i < claims.size(); i++) {
          pass(held.partition(), routes.get(i), claims.get(i), now);
        }
        yield claims.size();
      }
    };
  }

  private void pass(Assigned from, Route route, Claim claim, Instant now) {
    Delivery delivery = route.delivery();
    Assigned home =
        route.inOrder() || from.crowded() || busy.getAsBoolean() ? null : ours(delivery);
    if (home != null) {
      admission.admit(home, delivery.at(Place.NOWHERE), claim, now);
    } else {
      admission.orRefused(delivery, claim, () -> write(delivery, claim, now));
    }
  }

  private void write(Delivery delivery, Claim claim, Instant now) {
    if (claim.start()) {
      admission.write(DeliveryCodec.write(Topics.DELIVERIES, delivery, now), claim);
    }
  }

  private @Nullable Assigned ours(Delivery delivery) {
    int home = topics.home(DeliveryCodec.key(delivery.destination()));
    return assignment.find(Topics.DELIVERIES, home);
  }
}
