// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.destination.Disabling;
import dev.postrider.api.destination.Disabling.Cause;
import dev.postrider.api.destination.FailureClock;
import dev.postrider.api.destination.FailureClock.Finding;
import dev.postrider.api.destination.FailureClock.Observation;
import dev.postrider.api.grant.Renewals;
import dev.postrider.api.grant.Renewals.Want;
import dev.postrider.api.kafka.RecordWriter;
import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.DestinationStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What follows from reports, beside their rows.
 *
 * <pre>
 *   410 ───────────────────────────► gone ────┐
 *   nothing but failures for days ─► failing ─┴─► switched off ─► what waits is cancelled
 *   failed for good ───────────────► postrider.delivery.failed
 *   waits for a token ─────────────► the token is renewed, if it can be and is not new
 * </pre>
 *
 * Offsets wait for it, and all of it may be done twice: a destination is switched off once, and an
 * operational event that is published again is the same event.
 */
@Component
final class Consequences {

  private static final int GONE = 410;

  private final Disabling disabling;
  private final FailureClock clock;
  private final Cancellation cancellation;
  private final Renewals renewals;
  private final RecordWriter kafka;

  Consequences(
      Disabling disabling,
      FailureClock clock,
      Cancellation cancellation,
      Renewals renewals,
      RecordWriter kafka) {
    this.disabling = disabling;
    this.clock = clock;
    this.cancellation = cancellation;
    this.renewals = renewals;
    this.kafka = kafka;
  }

  /** Of reports whose rows are written, in topic order as far as they are of one destination. */
  Mono<Void> of(List<Report> reports) {
    return Flux.fromStream(() -> gone(reports))
        .concatMap(disabling::disable)
        .then(clock.observe(observations(reports)))
        .flatMapIterable(Function.identity())
        .concatMap(finding -> switchedOff(finding, reports))
        .then(renewals.wanted(wants(reports)))
        .then(tell(reports));
  }

  /** The latest of each destination. */
  private static List<Want> wants(List<Report> reports) {
    Map<DestinationId, Want> wants = new LinkedHashMap<>();
    for (Report report : reports) {
      if (report.decision() instanceof Decision.Parked(_, Decision.Why why)
          && why == Decision.Why.AUTHORIZATION) {
        wants.put(
            report.destination(), new Want(report.tenant(), report.destination(), report.at()));
      }
    }
    return List.copyOf(wants.values());
  }

  private static Stream<Cause> gone(List<Report> reports) {
    Map<DestinationId, Report> last = new LinkedHashMap<>();
    for (Report report : reports) {
      if (report.attempt() != null
          && report.attempt().outcome() instanceof Outcome.Rejected(int status, _)
          && status == GONE) {
        last.put(report.destination(), report);
      }
    }
    return last.values().stream()
        .map(
            report ->
                cause(
                    report,
                    DestinationStatus.GONE,
                    "the receiver answered 410 Gone to %s at %s"
                        .formatted(report.delivery(), report.at())));
  }

  private static List<Observation> observations(List<Report> reports) {
    Map<DestinationId, Observation> byDestination = new LinkedHashMap<>();
    for (Report report : reports) {
      if (report.attempt() != null) {
        byDestination.merge(
            report.destination(), observation(report, report.attempt()), Observation::then);
      }
    }
    return List.copyOf(byDestination.values());
  }

  private static Observation observation(Report report, Attempt attempt) {
    Instant accepted = attempt.outcome() instanceof Outcome.Accepted ? report.at() : null;
    Instant failed = isFailure(attempt.outcome()) ? report.at() : null;
    return new Observation(report.tenant(), report.destination(), accepted, failed, failed);
  }

  /** Faults of our own say nothing about the receiver. */
  private static boolean isFailure(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted _ -> false;
      case Outcome.Rejected _, Outcome.Unreachable _ -> true;
      case Outcome.Refused(Outcome.Why why) -> !why.ours() && why != Outcome.Why.INTERNAL;
    };
  }

  private Mono<Void> switchedOff(Finding finding, List<Report> reports) {
    Mono<Void> cancelled = cancellation.of(finding.tenant(), finding.destination());
    return finding.failingSince() == null
        ? cancelled
        : disabling.disable(failing(finding, finding.failingSince(), reports)).then(cancelled);
  }

  private static Cause failing(Finding finding, Instant since, List<Report> reports) {
    Report last =
        reports.stream()
            .filter(report -> report.destination().equals(finding.destination()))
            .filter(report -> report.attempt() != null && isFailure(report.attempt().outcome()))
            .reduce((_, later) -> later)
            .orElseThrow();
    return cause(
        last,
        DestinationStatus.FAILING,
        "nothing but failures from %s to %s, the last of them of %s"
            .formatted(since, last.at(), last.delivery()));
  }

  private static Cause cause(Report report, DestinationStatus status, String reason) {
    Attempt attempt = report.attempt();
    return new Cause(
        report.tenant(),
        report.destination(),
        status,
        reason,
        report.delivery().toString(),
        attempt == null ? report.at() : attempt.startedAt());
  }

  private Mono<Void> tell(List<Report> reports) {
    List<ProducerRecord<byte[], byte[]>> events =
        reports.stream().filter(FailedDelivery::concerns).map(FailedDelivery::event).toList();
    return events.isEmpty() ? Mono.empty() : kafka.write(events).then();
  }
}
