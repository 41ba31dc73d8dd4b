// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.event;

import dev.postrider.api.access.Caller;
import dev.postrider.api.event.EventRequest.Drafts;
import dev.postrider.api.kafka.RecordWriter;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Completes events, judges them and writes them to Kafka. */
@Component
final class Publishing {

  static final int MOST_EVENTS = 500;

  private static final int MOST_ATTRIBUTES = 40;
  private static final int LONGEST_ATTRIBUTE = 4096;
  private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-.*");

  private static final JsonMapper JSON = JsonMapper.shared();

  private final RecordWriter kafka;
  private final Admission admission;
  private final IdempotencyKeys keys;
  private final Tracing tracing;
  private final Clock clock;
  private final SecureRandom random;

  Publishing(
      RecordWriter kafka,
      Admission admission,
      IdempotencyKeys keys,
      Tracing tracing,
      Clock clock,
      SecureRandom random) {
    this.kafka = kafka;
    this.admission = admission;
    this.keys = keys;
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

  /**
   * All of them, or a problem; with a 503 any of them may have been stored. With a key it can be
   * repeated: what was stored before is the same event, and the answer is the same.
   *
   * @param key null for none
   */
  Mono<List<Accepted>> publish(
      Caller caller, Drafts drafts, @Nullable String trace, @Nullable IdempotencyKey key) {
    Instant now = clock.instant();
    UUID id = TimeOrderedUuid.random(now, random);
    List<EventDraft> events = completed(drafts.identified(id, now, caller.tenant()), caller, trace);
    refuseInvalid(events, caller, drafts);
    Mono<List<Accepted>> stored =
        key == null
            ? Mono.defer(() -> stored(events))
            : keys.begin(key).flatMap(use -> again(use, key, caller, drafts, trace));
    return admission.of(caller.tenant(), events, drafts.batch()).then(stored);
  }

  /** Whatever the first request was given it is given again. */
  private Mono<List<Accepted>> again(
      IdempotencyKeys.Use use,
      IdempotencyKey key,
      Caller caller,
      Drafts drafts,
      @Nullable String trace) {
    Drafts same =
        drafts
            .identified(key.eventId(use.first()), use.first(), caller.tenant())
            .dated(use.first());
    Mono<String> answer =
        use.answer() != null
            ? Mono.just(use.answer())
            : stored(completed(same, caller, trace))
                .flatMap(items -> keys.settle(key, use, JSON.writeValueAsString(items)));
    return answer.map(text -> List.of(JSON.readValue(text, Accepted[].class)));
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

  private static List<EventDraft> completed(Drafts drafts, Caller caller, @Nullable String trace) {
    boolean traced = trace != null && TRACE.matcher(trace).matches();
    return drafts.events().stream()
        .map(event -> Drafts.with(event, "tenantid", caller.tenant().value()))
        .map(event -> traced ? Drafts.with(event, "traceparent", String.valueOf(trace)) : event)
        .toList();
  }

  private static void refuseInvalid(List<EventDraft> events, Caller caller, Drafts drafts) {
    boolean batch = drafts.batch();
    Violations violations = new Violations();
    drafts.objections().forEach(one -> violations.add(one.field(), one.message()));
    if (events.isEmpty() || events.size() > MOST_EVENTS) {
      violations.add("", "a batch must have 1 to 500 events: had " + events.size());
    }
    for (int index = 0; index < events.size(); index++) {
      judge(events.get(index), caller, batch ? "[" + index + "]." : "", violations);
    }
    violations.refuse();
  }

  private static void judge(EventDraft event, Caller caller, String path, Violations violations) {
    event.violations().forEach((name, rule) -> violations.addUnlessNamed(path + name, path + rule));
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
