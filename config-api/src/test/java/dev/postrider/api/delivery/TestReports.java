// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.delivery.Run;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventType;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.event.TimeOrderedUuid;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What a worker reports of a destination's deliveries. */
final class TestReports {

  static final Decision DELIVERED = new Decision.Finished(DeliveryState.DELIVERED);
  static final Decision FAILED = new Decision.Finished(DeliveryState.FAILED);
  static final Decision CANCELLED = new Decision.Finished(DeliveryState.CANCELLED);

  private static final RandomGenerator RANDOM = RandomGenerator.getDefault();

  private final TenantId tenant;
  private final DestinationId destination;

  TestReports(String tenant, Object destination) {
    this.tenant = new TenantId(tenant);
    this.destination = DestinationId.parse(destination.toString());
  }

  static Outcome status(int status) {
    return status / 100 == 2 ? new Outcome.Accepted(status) : new Outcome.Rejected(status, null);
  }

  static Decision retryAfter(Instant at) {
    return new Decision.Parked(at.plusSeconds(60), Decision.Why.RETRY);
  }

  /** The first attempt of a new delivery. */
  Report first(Outcome outcome, Decision decision, Instant at) {
    return first(outcome, decision, at, "incident.triggered");
  }

  Report first(Outcome outcome, Decision decision, Instant at, String type) {
    return begun(attempt(outcome, at), decision, at, type);
  }

  /** A new delivery that was not tried yet. */
  Report putOff(Instant at) {
    var paced = new Decision.Parked(at.plusSeconds(60), Decision.Why.PACED);
    return begun(null, paced, at, "incident.triggered");
  }

  private Report begun(Attempt attempt, Decision decision, Instant at, String type) {
    return new Report(
        new DeliveryId(TimeOrderedUuid.random(Instant.now(), RANDOM)),
        destination,
        tenant,
        new EventId(Instant.now(), 1, RANDOM.nextLong(1 << 20)),
        "ce-1",
        new EventType(type),
        1,
        null,
        attempt,
        decision,
        at,
        null,
        Run.ORIGINAL,
        null);
  }

  /** The next attempt of the same delivery. */
  static Report next(Report before, Outcome outcome, Decision decision, Instant at) {
    return after(before, attempt(outcome, at), decision, at);
  }

  /** A decision without an attempt. */
  static Report decided(Report before, Decision decision, Instant at) {
    return after(before, null, decision, at);
  }

  /** The same of an event that was published once more: another record, and the same delivery. */
  static Report publishedAgain(Report report) {
    return new Report(
        report.delivery(),
        report.destination(),
        report.tenant(),
        new EventId(Instant.now(), 1, RANDOM.nextLong(1 << 20)),
        report.ceId(),
        report.type(),
        report.number(),
        report.due(),
        report.attempt(),
        report.decision(),
        report.at(),
        report.place(),
        report.run(),
        report.trace());
  }

  /** What another worker has to say of the same attempt; null when it made none. */
  static Report insteadOf(Report report, @Nullable Attempt attempt, Decision decision) {
    return new Report(
        report.delivery(),
        report.destination(),
        report.tenant(),
        report.event(),
        report.ceId(),
        report.type(),
        report.number(),
        report.due(),
        attempt,
        decision,
        report.at(),
        report.place(),
        report.run(),
        report.trace());
  }

  /** The next report of the same delivery, with this attempt in it. */
  static Report after(Report before, Attempt attempt, Decision decision, Instant at) {
    return new Report(
        before.delivery(),
        before.destination(),
        before.tenant(),
        before.event(),
        before.ceId(),
        before.type(),
        before.number() + 1,
        null,
        attempt,
        decision,
        at,
        null,
        before.run(),
        before.trace());
  }

  /** The attempt ends when it is reported and begins 10 ms earlier. */
  private static Attempt attempt(Outcome outcome, Instant at) {
    Duration duration = Duration.ofMillis(10);
    return new Attempt(
        at.minus(duration), duration, outcome, HeaderLines.NONE, HeaderLines.NONE, null);
  }

  static ProducerRecord<byte[], byte[]> record(Report report) {
    byte[] key = report.destination().toString().getBytes(UTF_8);
    return new ProducerRecord<>(Topics.OUTCOMES, key, ModelJson.write(report));
  }
}
