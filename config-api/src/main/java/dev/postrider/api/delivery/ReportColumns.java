// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.tenant.BinaryArray;
import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.delivery.Report;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reports as parameters of a statement: one array a column, in the order of the batch. */
final class ReportColumns {

  private final Map<String, BinaryArray> byName = new LinkedHashMap<>();
  private final BinaryArray created = named("created", BinaryArray.ofTimes());
  private final BinaryArray delivery = named("delivery", BinaryArray.ofUuids());
  private final BinaryArray tenant = named("tenant", BinaryArray.ofTexts());
  private final BinaryArray destination = named("destination", BinaryArray.ofUuids());
  private final BinaryArray event = named("event", BinaryArray.ofUuids());
  private final BinaryArray ceId = named("ce_id", BinaryArray.ofTexts());
  private final BinaryArray type = named("type", BinaryArray.ofTexts());
  private final BinaryArray number = named("number", BinaryArray.ofIntegers());
  private final BinaryArray state = named("state", BinaryArray.ofTexts());
  private final BinaryArray next = named("next", BinaryArray.ofTimes());
  private final BinaryArray at = named("at", BinaryArray.ofTimes());
  private final BinaryArray offset = named("offset", BinaryArray.ofLongs());

  private final BinaryArray run = named("run", BinaryArray.ofLongs());
  private final BinaryArray first = named("first", BinaryArray.ofIntegers());
  private final BinaryArray place = named("place", BinaryArray.ofLongs());
  private final BinaryArray behind = named("behind", BinaryArray.ofLongs());

  private final BinaryArray started = named("started", BinaryArray.ofTimes());
  private final BinaryArray duration = named("duration", BinaryArray.ofLongs());
  private final BinaryArray outcome = named("outcome", BinaryArray.ofTexts());
  private final BinaryArray reason = named("reason", BinaryArray.ofTexts());
  private final BinaryArray status = named("status", BinaryArray.ofIntegers());
  private final BinaryArray sent = named("sent", BinaryArray.ofTexts());
  private final BinaryArray received = named("received", BinaryArray.ofTexts());
  private final BinaryArray excerpt = named("excerpt", BinaryArray.ofTexts());

  private ReportColumns() {}

  /** For {@code record-outcomes.sql}. */
  static Map<String, BinaryArray> of(List<Recorded> batch) {
    return filled(batch, ReportColumns::add);
  }

  /** For {@code record-accepted-at-first.sql}. */
  static Map<String, BinaryArray> ofAcceptedAtFirst(List<Recorded> batch) {
    return filled(batch, ReportColumns::addAcceptedAtFirst);
  }

  /** For {@code record-put-off-at-first.sql}. */
  static Map<String, BinaryArray> ofPutOffAtFirst(List<Recorded> batch) {
    return filled(batch, ReportColumns::addWhatFollows);
  }

  /** Those columns that each report adds to; its statement has no other. */
  private static Map<String, BinaryArray> filled(
      List<Recorded> batch, BiConsumer<ReportColumns, Recorded> add) {
    ReportColumns columns = new ReportColumns();
    batch.forEach(recorded -> add.accept(columns, recorded));
    columns.byName.values().removeIf(BinaryArray::isEmpty);
    return columns.byName;
  }

  private BinaryArray named(String name, BinaryArray column) {
    byName.put(name, column);
    return column;
  }

  private void add(Recorded recorded) {
    Report report = recorded.report();
    addWhatFollows(recorded);
    number.integer(report.number());
    run.bigint(report.run().number());
    first.integer(report.run().first());
    add(report.place());
    Attempt attempt = report.attempt();
    if (attempt == null) {
      addNone();
    } else {
      add(attempt);
      outcome.text(attempt.outcome().label());
      reason.text(attempt.outcome().reason());
    }
  }

  private void addAcceptedAtFirst(Recorded recorded) {
    addIdentity(recorded);
    add(Objects.requireNonNull(recorded.report().attempt()));
  }

  private void addWhatFollows(Recorded recorded) {
    Report report = recorded.report();
    addIdentity(recorded);
    state.text(report.state().name().toLowerCase(Locale.ROOT));
    next.time(nextAttempt(report));
  }

  private void addIdentity(Recorded recorded) {
    Report report = recorded.report();
    created.time(report.delivery().time());
    delivery.uuid(report.delivery().uuid());
    tenant.text(report.tenant().value());
    destination.uuid(report.destination().uuid());
    event.uuid(report.event().uuid());
    ceId.text(report.ceId());
    type.text(report.type().value());
    at.time(report.at());
    offset.bigint(recorded.position());
  }

  /** Where nothing was put off, the place of a delivery in an order is of no interest. */
  private void add(@Nullable Place own) {
    place.bigint(own == null ? null : own.number());
    behind.bigint(own == null ? null : own.behind());
  }

  private void add(Attempt attempt) {
    started.time(attempt.startedAt());
    duration.bigint(attempt.duration().toMillis());
    status.integer(status(attempt.outcome()));
    sent.text(attempt.requestHeaders().text());
    received.text(attempt.responseHeaders().text());
    excerpt.text(attempt.responseExcerpt());
  }

  private void addNone() {
    List.of(started, duration, outcome, reason, status, sent, received, excerpt)
        .forEach(BinaryArray::none);
  }

  /** Null where no answer came. */
  static @Nullable Integer status(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted(int status) -> status;
      case Outcome.Rejected(int status, _) -> status;
      case Outcome.Unreachable _, Outcome.Refused _ -> null;
    };
  }

  private static @Nullable Instant nextAttempt(Report report) {
    return switch (report.decision()) {
      case Decision.Parked(Instant until, _) -> report.run().cancels() ? null : until;
      case Decision.Finished _ -> null;
    };
  }
}
