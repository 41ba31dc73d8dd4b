// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivered;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.delivery.Run;
import dev.postrider.model.event.EventId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What was already done for the deliveries of one partition: the reason that a crash repeats no
 * more than what was in flight, and that an event published twice is sent once. Filled from the
 * tail of {@code outcomes} when the partition is assigned, and from then on by what this worker
 * takes.
 *
 * <pre>
 *   record              known by                       so a second one is
 *   never waited, n=1   delivery                       the same event again, or the same record after a crash
 *   any other           delivery, event, n, due        the same retry record again
 *   any                 delivery, event, n attempted   an attempt that was made already
 *   of an older run     delivery, latest run           outdated by what somebody has ordered since
 * </pre>
 *
 * In a run that a person has ordered, each key has the run in it as well. Keys are remembered for
 * the given time at least, decisions from before the assignment until they are asked for or nobody
 * can ask any more. Confined to the intake's thread.
 */
final class Journal {

  private final RecentKeys known;
  private final Map<UUID, Report> unfollowed = new HashMap<>();
  private final Runs runs = new Runs();

  /**
   * Knows nothing yet.
   *
   * @param most keys are remembered that long, at least
   */
  Journal(Duration remembered, int most, Instant now) {
    this.known = new RecentKeys(remembered, most, now);
  }

  /** What is to be done with a record. */
  sealed interface Finding {
    /** It is the first of its kind: dispatch it. */
    record Fresh() implements Finding {}

    /** It was dealt with, or is being dealt with: nothing remains to be done. */
    record Known() implements Finding {}

    /** Its report was written before a crash; what follows from it may not have been. */
    record Reported(Report report) implements Finding {}
  }

  /** Looks the delivery up and remembers it. */
  Finding admit(Delivery delivery, Instant now) {
    if (runs.outdated(delivery)) {
      return new Finding.Known();
    }
    if (delivery.run().supersedes()) {
      runs.note(delivery, now);
    }
    EventId event = delivery.event().id();
    UUID record =
        recordKey(delivery.id(), event, delivery.attempt(), delivery.due(), delivery.run());
    Report report = unfollowed.get(record);
    if (report != null && report.event().equals(event)) {
      if (isOfAnother(report, delivery)) {
        return new Finding.Known();
      }
      unfollowed.remove(record);
      return new Finding.Reported(report);
    }
    boolean fresh = known.add(record, now) && !attempted(delivery, now);
    return fresh ? new Finding.Fresh() : new Finding.Known();
  }

  /**
   * An event that was routed twice has two records; in an order, only the one reported has a place.
   * One that was handed over had no record, and must be followed all the same.
   */
  private static boolean isOfAnother(Report report, Delivery delivery) {
    Place reported = report.place();
    return reported != null
        && reported.number() != Place.NOWHERE.number()
        && reported.number() != delivery.place().number();
  }

  private boolean attempted(Delivery delivery, Instant now) {
    return delivery.due() != null
        && known.contains(
            attemptKey(delivery.id(), delivery.event().id(), delivery.attempt(), delivery.run()),
            now);
  }

  /**
   * A report from before the assignment.
   *
   * @param mayBeUnfollowed whether its record may be read again, so that what follows must be known
   */
  void remember(Report report, boolean mayBeUnfollowed, Instant now) {
    UUID record =
        recordKey(report.delivery(), report.event(), report.number(), report.due(), report.run());
    known.add(record, now);
    if (report.attempt() != null) {
      known.add(attemptKey(report.delivery(), report.event(), report.number(), report.run()), now);
    }
    if (mayBeUnfollowed) {
      rememberUnfollowed(record, report, now);
    }
  }

  /** The same of a first attempt that was accepted. */
  void remember(Delivered delivered, boolean mayBeUnfollowed, Instant now) {
    UUID record = delivered.delivery().uuid();
    known.add(record, now);
    known.add(attemptKey(delivered.delivery(), delivered.event(), 1, Run.ORIGINAL), now);
    if (mayBeUnfollowed) {
      rememberEnd(record, delivered.event(), now);
    }
  }

  /** Should a worker that was frozen have reported late what another has ended, the end counts. */
  private void rememberUnfollowed(UUID record, Report report, Instant now) {
    boolean isEnd = report.decision() instanceof Decision.Finished;
    if (isEnd) {
      rememberEnd(record, report.event(), now);
    }
    if (somethingFollows(report)
        && (isEnd || !known.contains(endKey(record, report.event()), now))) {
      unfollowed.put(record, report.slim());
    }
  }

  private void rememberEnd(UUID record, EventId event, Instant now) {
    known.add(endKey(record, event), now);
    unfollowed.remove(record);
  }

  /** A run that was ordered before the assignment, and what it ordered may not have come back. */
  void rememberRun(ConsumerRecord<byte[], byte[]> run, Instant now) {
    runs.read(run, now);
  }

  /** Whether there are decisions from before the assignment that nobody has asked for. */
  boolean hasUnfollowed() {
    return !unfollowed.isEmpty();
  }

  /** Everything has been asked for of which something was decided before the assignment. */
  void forgetUnfollowed() {
    unfollowed.clear();
  }

  private static boolean somethingFollows(Report report) {
    return switch (report.decision()) {
      case Decision.Parked _ -> true;
      case Decision.Finished(DeliveryState state) ->
          state == DeliveryState.FAILED || report.place() != null;
    };
  }

  private static UUID recordKey(
      DeliveryId delivery, EventId event, int number, @Nullable Instant due, Run run) {
    boolean first = number == 1 && due == null && run.original();
    return first
        ? delivery.uuid()
        : hash(delivery + "|" + event + "|" + number + "|" + due + ordered(run));
  }

  private static UUID attemptKey(DeliveryId delivery, EventId event, int number, Run run) {
    return hash(delivery + "|" + event + "|" + number + ordered(run));
  }

  private static UUID endKey(UUID record, EventId event) {
    return hash("end|" + record + "|" + event);
  }

  private static String ordered(Run run) {
    return run.original() ? "" : "|run " + run.number();
  }

  private static UUID hash(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      ByteBuffer bits = ByteBuffer.wrap(digest);
      return new UUID(bits.getLong() | 1, bits.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
