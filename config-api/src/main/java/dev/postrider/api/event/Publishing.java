// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.event;

import dev.postrider.api.access.Caller;
import dev.postrider.api.catalogue.EventCheck;
import dev.postrider.api.event.EventRequest.Drafts;
import dev.postrider.api.kafka.RecordWriter;
import dev.postrider.api.limit.Rates;
import dev.postrider.api.limit.TenantLimits;
import dev.postrider.api.limit.Tenants;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.problem.Violations;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.OperationalEvents;
import dev.postrider.model.event.TimeOrderedUuid;
import dev.postrider.model.trace.Step;
import dev.postrider.model.trace.Tracing;
import dev.postrider.model.wire.EventCodec;
import io.micrometer.tracing.Span;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Completes events, judges them and writes them to Kafka. */
@Component
final class Publishing {

  private static final int MOST_EVENTS = 500;
  private static final int MOST_ATTRIBUTES = 40;
  private static final int LONGEST_ATTRIBUTE = 4096;
  private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-.*");

  private final RecordWriter kafka;
  private final Tenants tenants;
  private final Rates rates;
  private final EventCheck check;
  private final Tracing tracing;
  private final Clock clock;
  private final SecureRandom random;

  Publishing(
      RecordWriter kafka,
      Tenants tenants,
      Rates rates,
      EventCheck check,
      Tracing tracing,
      Clock clock,
      SecureRandom random) {
    this.kafka = kafka;
    this.tenants = tenants;
    this.rates = rates;
    this.check = check;
    this.tracing = tracing;
    this.clock = clock;
    this.random = random;
  }

  /**
   * What became of one event.
   *
   * @param id ours, where it lies
   * @param ceId its CloudEvents id
   */
  record Accepted(String id, String ceId) {}

  /** All of them, or a problem; with a 503 any of them may have been stored. */
  Mono<List<Accepted>> publish(Caller caller, Drafts drafts, @Nullable String trace) {
    List<EventDraft> events =
        drafts.events().stream().map(draft -> completed(draft, drafts, caller, trace)).toList();
    refuseInvalid(events, caller, drafts.batch());
    return tenants
        .limits(caller.tenant())
        .doOnNext(limits -> refuseTooMuch(events, caller, limits))
        .then(check.check(caller.tenant(), events, drafts.batch()))
        .then(Mono.defer(() -> stored(events)));
  }

  private void refuseTooMuch(List<EventDraft> events, Caller caller, TenantLimits limits) {
    refuseTooLarge(events, limits.payloadBytes());
    int perSecond = limits.eventsPerSecond();
    rates.spend(
        new Rates.Rate("events of " + caller.tenant(), perSecond, Math.max(perSecond, MOST_EVENTS)),
        events.size());
  }

  private Mono<List<Accepted>> stored(List<EventDraft> events) {
    List<Span> spans = events.stream().map(event -> tracing.begin(Step.PUBLISH, event)).toList();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int index = 0; index < events.size(); index++) {
      EventDraft traced = tracing.passedOn(spans.get(index), events.get(index));
      records.add(EventCodec.publish(traced));
    }
    return kafka
        .write(records)
        .map(stored -> accepted(events, stored))
        .doOnError(fault -> spans.forEach(span -> span.error(fault)))
        .doFinally(_ -> spans.forEach(Span::end));
  }

  private EventDraft completed(
      EventDraft draft, Drafts drafts, Caller caller, @Nullable String trace) {
    Map<String, String> attributes = new LinkedHashMap<>(draft.attributes());
    if (!drafts.complete()) {
      Instant now = clock.instant();
      attributes.putIfAbsent("id", TimeOrderedUuid.random(now, random).toString());
      attributes.putIfAbsent("source", "/tenants/" + caller.tenant());
      attributes.putIfAbsent("time", now.toString());
    }
    attributes.putIfAbsent("tenantid", caller.tenant().value());
    if (trace != null && TRACE.matcher(trace).matches()) {
      attributes.putIfAbsent("traceparent", trace);
    }
    return new EventDraft(attributes, draft.contentType(), draft.payload());
  }

  private static void refuseTooLarge(List<EventDraft> events, int most) {
    for (int index = 0; index < events.size(); index++) {
      int length = events.get(index).payload().length();
      if (length > most) {
        throw Problem.of(
            HttpStatus.CONTENT_TOO_LARGE,
            "the data of an event must have at most %d bytes: [%d] had %d"
                .formatted(most, index, length));
      }
    }
  }

  private static void refuseInvalid(List<EventDraft> events, Caller caller, boolean batch) {
    Violations violations = new Violations();
    if (events.isEmpty() || events.size() > MOST_EVENTS) {
      violations.add("", "a batch must have 1 to 500 events: had " + events.size());
    }
    for (int index = 0; index < events.size(); index++) {
      judge(events.get(index), caller, batch ? "[" + index + "]." : "", violations);
    }
    violations.refuse();
  }

  private static void judge(EventDraft event, Caller caller, String path, Violations violations) {
    event.violations().forEach((name, rule) -> violations.add(path + name, path + rule));
    Map<String, String> attributes = event.attributes();
    String tenant = attributes.get("tenantid");
    if (!caller.tenant().value().equals(tenant)) {
      violations.add(
          path + "tenantid",
          path + "tenantid must be the caller's own tenant or absent: was '" + tenant + "'");
    }
    String type = attributes.getOrDefault("type", "");
    if (type.startsWith(OperationalEvents.PREFIX)) {
      violations.add(
          path + "type",
          "%stype must not begin with '%s', which is for Postrider's own events: was '%s'"
              .formatted(path, OperationalEvents.PREFIX, type));
    }
    if (attributes.size() > MOST_ATTRIBUTES) {
      violations.add(path, path + "an event has at most 40 attributes: had " + attributes.size());
    }
    attributes.forEach((name, value) -> judge(path + name, name, value, violations));
  }

  private static void judge(String field, String name, String value, Violations violations) {
    if (name.equals("data") || name.equals("datacontenttype")) {
      violations.add(field, field + " is no attribute: the body and its content type say it");
    }
    if (value.length() > LONGEST_ATTRIBUTE || value.codePoints().anyMatch(Publishing::isNoText)) {
      violations.add(field, field + " must be at most 4096 characters, none of them for control");
    }
  }

  /** CloudEvents 1.0 §3.1: neither control characters nor half a surrogate pair. */
  private static boolean isNoText(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }

  private static List<Accepted> accepted(List<EventDraft> events, List<RecordMetadata> stored) {
    List<Accepted> accepted = new ArrayList<>();
    for (int index = 0; index < events.size(); index++) {
      RecordMetadata place = stored.get(index);
      EventId id =
          new EventId(Instant.ofEpochMilli(place.timestamp()), place.partition(), place.offset());
      String ceId = events.get(index).attributes().getOrDefault("id", "");
      accepted.add(new Accepted(id.toString(), ceId));
    }
    return accepted;
  }
}
