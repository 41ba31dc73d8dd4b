// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.delivery.Run;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventType;
import dev.postrider.model.event.InternetTime;
import dev.postrider.model.event.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads what {@link ReportJson} writes, by hand for the same reason: the recorder reads every
 * report, and a worker that takes partitions over reads hundreds of thousands. Members may come in
 * any order; unknown ones are passed over.
 */
final class ReportReader {

  private final JsonParser json;
  private final Map<String, String> texts = new HashMap<>();
  private @Nullable Attempt attempt;
  private @Nullable Decision decision;
  private @Nullable Place place;

  private ReportReader(JsonParser json) {
    this.json = json;
  }

  static Report read(JsonParser json) {
    json.nextToken();
    ReportReader reader = new ReportReader(json);
    reader.expect(JsonToken.START_OBJECT);
    return reader.report();
  }

  private Report report() {
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken token = json.nextToken();
      switch (name) {
        case "attempt" -> attempt = token == JsonToken.VALUE_NULL ? null : attempt();
        case "decision" -> decision = decision(members());
        case "place" -> place = token == JsonToken.VALUE_NULL ? null : place(members());
        default -> keep(name, texts);
      }
    }
    if (decision == null) {
      throw new MalformedJsonException("a report needs a decision");
    }
    String due = texts.get("due");
    String run = texts.get("run");
    return new Report(
        DeliveryId.parse(required("delivery", texts)),
        DestinationId.parse(required("destination", texts)),
        new TenantId(required("tenant", texts)),
        EventId.parse(required("event", texts)),
        required("ce_id", texts),
        new EventType(required("type", texts)),
        Integer.parseInt(required("number", texts)),
        due == null ? null : InternetTime.parse(due),
        attempt,
        decision,
        InternetTime.parse(required("at", texts)),
        place,
        run == null ? Run.ORIGINAL : Run.parse(run),
        texts.get("trace"));
  }

  private Attempt attempt() {
    expect(JsonToken.START_OBJECT);
    Map<String, String> members = new HashMap<>();
    Outcome outcome = null;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      json.nextToken();
      if (name.equals("outcome")) {
        outcome = outcome(members());
      } else {
        keep(name, members);
      }
    }
    if (outcome == null) {
      throw new MalformedJsonException("an attempt needs an outcome");
    }
    Instant started = InternetTime.parse(required("started_at", members));
    Duration took = Duration.parse(required("duration", members));
    String excerpt = members.get("response_excerpt");
    HeaderLines sent = headers(members.get("request_headers"));
    HeaderLines received = headers(members.get("response_headers"));
    return new Attempt(started, took, outcome, sent, received, excerpt);
  }

  private static HeaderLines headers(@Nullable String lines) {
    return lines == null ? HeaderLines.NONE : new HeaderLines(lines);
  }

  private static Outcome outcome(Map<String, String> members) {
    String type = required("type", members);
    return switch (type) {
      case "accepted" -> new Outcome.Accepted(Integer.parseInt(required("status", members)));
      case "rejected" ->
          new Outcome.Rejected(Integer.parseInt(required("status", members)), retryAfter(members));
      case "unreachable" ->
          new Outcome.Unreachable(Outcome.Cause.valueOf(upper(required("cause", members))));
      case "refused" -> new Outcome.Refused(Outcome.Why.valueOf(upper(required("why", members))));
      default -> throw new MalformedJsonException("no such outcome: '" + type + "'");
    };
  }

  private static @Nullable Duration retryAfter(Map<String, String> members) {
    String pause = members.get("retry_after");
    return pause == null ? null : Duration.parse(pause);
  }

  private static Decision decision(Map<String, String> members) {
    String type = required("type", members);
    return switch (type) {
      case "finished" ->
          new Decision.Finished(DeliveryState.valueOf(upper(required("state", members))));
      case "parked" ->
          new Decision.Parked(
              InternetTime.parse(required("until", members)),
              Decision.Why.of(required("why", members)));
      default -> throw new MalformedJsonException("no such decision: '" + type + "'");
    };
  }

  private static Place place(Map<String, String> members) {
    String behind = members.get("behind");
    return new Place(
        Long.parseLong(required("number", members)), behind == null ? null : Long.valueOf(behind));
  }

  /** Of the object that begins here, those that are neither objects nor arrays nor null. */
  private Map<String, String> members() {
    expect(JsonToken.START_OBJECT);
    Map<String, String> members = new HashMap<>();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      json.nextToken();
      keep(name, members);
    }
    return members;
  }

  private void keep(String name, Map<String, String> members) {
    JsonToken token = json.currentToken();
    if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
      members.put(name, json.getString());
    } else {
      json.skipChildren();
    }
  }

  private void expect(JsonToken token) {
    if (json.currentToken() != token) {
      throw new MalformedJsonException("expected %s: was %s".formatted(token, json.currentToken()));
    }
  }

  private static String required(String name, Map<String, String> members) {
    String text = members.get(name);
    if (text == null) {
      throw new MalformedJsonException(name + " is required");
    }
    return text;
  }

  private static String upper(String label) {
    return label.toUpperCase(Locale.ROOT);
  }
}
