// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.delivery.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes reports, member by member: one is written for every attempt, and this takes a quarter of
 * the time that finding out by reflection what a report consists of would. What it writes is what
 * {@link ModelJson} reads.
 */
final class ReportJson {

  private final JsonGenerator json;

  private ReportJson(JsonGenerator json) {
    this.json = json;
  }

  static void write(Report report, JsonGenerator json) {
    new ReportJson(json).report(report);
  }

  private void report(Report report) {
    json.writeStartObject();
    text("delivery", report.delivery().toString());
    text("destination", report.destination().toString());
    text("tenant", report.tenant().value());
    text("event", report.event().toString());
    text("ce_id", report.ceId());
    text("type", report.type().value());
    json.writeNumberProperty("number", report.number());
    time("due", report.due());
    attempt(report.attempt());
    decision(report.decision());
    time("at", report.at());
    place(report.place());
    if (!report.run().original()) {
      text("run", report.run().toString());
    }
    if (report.trace() != null) {
      text("trace", report.trace());
    }
    json.writeEndObject();
  }

  private void attempt(@Nullable Attempt attempt) {
    if (attempt == null) {
      json.writeNullProperty("attempt");
      return;
    }
    json.writeObjectPropertyStart("attempt");
    time("started_at", attempt.startedAt());
    text("duration", attempt.duration().toString());
    outcome(attempt.outcome());
    text("request_headers", attempt.requestHeaders().text());
    text("response_headers", attempt.responseHeaders().text());
    text("response_excerpt", attempt.responseExcerpt());
    json.writeEndObject();
  }

  private void outcome(Outcome outcome) {
    json.writeObjectPropertyStart("outcome");
    text("type", outcome.label());
    switch (outcome) {
      case Outcome.Accepted(int status) -> json.writeNumberProperty("status", status);
      case Outcome.Rejected(int status, Duration retryAfter) -> {
        json.writeNumberProperty("status", status);
        text("retry_after", retryAfter == null ? null : retryAfter.toString());
      }
      case Outcome.Unreachable(Outcome.Cause cause) -> text("cause", cause.label());
      case Outcome.Refused(Outcome.Why why) -> text("why", why.label());
    }
    json.writeEndObject();
  }

  private void decision(Decision decision) {
    json.writeObjectPropertyStart("decision");
    switch (decision) {
      case Decision.Finished(var state) -> {
        text("type", "finished");
        text("state", state.name().toLowerCase(Locale.ROOT));
      }
      case Decision.Parked(Instant until, Decision.Why why) -> {
        text("type", "parked");
        time("until", until);
        text("why", why.label());
      }
    }
    json.writeEndObject();
  }

  private void place(@Nullable Place place) {
    if (place == null) {
      return;
    }
    json.writeObjectPropertyStart("place");
    json.writeNumberProperty("number", place.number());
    if (place.behind() == null) {
      json.writeNullProperty("behind");
    } else {
      json.writeNumberProperty("behind", place.behind());
    }
    json.writeEndObject();
  }

  private void time(String name, @Nullable Instant time) {
    text(name, time == null ? null : time.toString());
  }

  private void text(String name, @Nullable String text) {
    if (text == null) {
      json.writeNullProperty(name);
    } else {
      json.writeStringProperty(name, text);
    }
  }
}
