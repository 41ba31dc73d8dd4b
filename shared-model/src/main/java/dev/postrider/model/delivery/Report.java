// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventType;
import dev.postrider.model.event.TenantId;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the worker reports of a delivery: one attempt and the decision after it, or a decision to
 * put the attempt off. Written before the delivery's offset may advance, it is the worker's
 * write-ahead log as well.
 *
 * @param event the event the delivery was made from; together with {@code number} it tells attempts
 *     apart
 * @param number of the attempt made or put off, from 1
 * @param due of the record that was handled; null for a delivery that never waited
 * @param attempt null where the decision was made without one
 * @param at when it was decided
 * @param place of the delivery, for a destination that takes events in order; else null
 * @param run which pass of the delivery through its schedule this was
 * @param trace W3C {@code traceparent} of the event, if its trace is being recorded
 */
public record Report(
    DeliveryId delivery,
    DestinationId destination,
    TenantId tenant,
    EventId event,
    String ceId,
    EventType type,
    int number,
    @Nullable Instant due,
    @Nullable Attempt attempt,
    Decision decision,
    Instant at,
    @Nullable Place place,
    Run run,
    @Nullable String trace) {

  private static final int SAMPLED = 1;

  /** Refuses a report with something missing. */
  public Report {
    Stream.of(delivery, destination, tenant, event, ceId, type, decision, at, run)
        .forEach(Objects::requireNonNull);
  }

  /** A report without what is only for people to look at. */
  public Report slim() {
    Attempt bare =
        attempt == null
            ? null
            : new Attempt(
                attempt.startedAt(),
                attempt.duration(),
                attempt.outcome(),
                HeaderLines.NONE,
                HeaderLines.NONE,
                null);
    return new Report(
        delivery,
        destination,
        tenant,
        event,
        ceId,
        type,
        number,
        due,
        bare,
        decision,
        at,
        place,
        run,
        null);
  }

  /** The report of what was decided about this delivery. */
  public static Report of(
      Delivery delivery, @Nullable Attempt attempt, Decision decision, Instant at) {
    return new Report(
        delivery.id(),
        delivery.destination(),
        delivery.event().tenant(),
        delivery.event().id(),
        delivery.event().ceId(),
        delivery.event().type(),
        delivery.attempt(),
        delivery.due(),
        attempt,
        decision,
        at,
        delivery.place().behind() == null ? null : delivery.place(),
        delivery.run(),
        trace(delivery));
  }

  private static @Nullable String trace(Delivery delivery) {
    String parent = delivery.event().attribute("traceparent");
    return parent != null && sampled(parent) ? parent : null;
  }

  /** The lowest bit of the flags, which come last: W3C Trace Context §3.2.2.5.1. */
  private static boolean sampled(String parent) {
    int flags = parent.isEmpty() ? 0 : Character.digit(parent.charAt(parent.length() - 1), 16);
    return flags >= 0 && (flags & SAMPLED) == SAMPLED;
  }

  /** How many attempts were made by now, as far as the worker knows. */
  public int attempts() {
    return attempt == null ? number - 1 : number;
  }

  /** Where the delivery stands after this; one that is called off may wait for its turn to end. */
  public DeliveryState state() {
    return run.cancels() ? DeliveryState.CANCELLED : decision.state(run.attempts(attempts()));
  }
}
