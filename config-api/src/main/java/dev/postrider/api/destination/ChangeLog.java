// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.audit.AuditTrail;
import dev.postrider.api.outbox.Outbox;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.OperationalEvents;
import dev.postrider.model.wire.EventCodec;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What every change of a destination leaves behind, in the transaction of the change: an audit
 * entry, the snapshot for the worker and, when it was switched on or off, an operational event.
 */
@Component
final class ChangeLog {

  private final AuditTrail audit;
  private final Outbox outbox;

  ChangeLog(AuditTrail audit, Outbox outbox) {
    this.audit = audit;
    this.outbox = outbox;
  }

  /**
   * A change that was made.
   *
   * @param action in the past tense: {@code updated}
   * @param snapshot null where there is nothing to serve any more
   */
  record Change(
      String action,
      @Nullable StoredDestination before,
      @Nullable StoredDestination after,
      @Nullable Destination snapshot) {

    StoredDestination subject() {
      StoredDestination any = after == null ? before : after;
      if (any == null) {
        throw new IllegalArgumentException("a change has a before or an after");
      }
      return any;
    }

    boolean switched() {
      return before != null && after != null && before.active() != after.active();
    }
  }

  /** Answers where the snapshot waits for Kafka; the event waits behind it. */
  Mono<Outbox.Entry> write(DatabaseClient database, AuditTrail.Author author, Change change) {
    StoredDestination subject = change.subject();
    byte[] value = change.snapshot() == null ? null : ModelJson.write(change.snapshot());
    ProducerRecord<byte[], byte[]> snapshot =
        new ProducerRecord<>(Topics.DESTINATIONS, subject.id().toString().getBytes(UTF_8), value);
    return audit
        .record(database, subject.tenant(), author, entry(change))
        .then(outbox.put(database, subject.tenant(), snapshot))
        .flatMap(entry -> tell(database, change).thenReturn(entry));
  }

  private static AuditTrail.Change entry(Change change) {
    return new AuditTrail.Change(
        "destination." + change.action(),
        "destination",
        change.subject().id().toString(),
        change.before() == null ? null : change.before().audited(),
        change.after() == null ? null : change.after().audited());
  }

  private Mono<Void> tell(DatabaseClient database, Change change) {
    if (!change.switched()) {
      return Mono.empty();
    }
    StoredDestination after = change.subject();
    return outbox.put(database, after.tenant(), EventCodec.publish(switched(after))).then();
  }

  /** {@code postrider.destination.enabled} or {@code …disabled}. */
  private static EventDraft switched(StoredDestination after) {
    String id = after.id().toString();
    var data = JsonNodeFactory.instance.objectNode();
    data.put("destination_id", id);
    data.put("name", after.settings().get("name").stringValue());
    data.put("status", after.status().name().toLowerCase(Locale.ROOT));
    data.put("reason", after.statusReason());
    data.put("at", after.updatedAt().toString());
    return OperationalEvents.of(
        after.tenant(),
        after.active() ? "destination.enabled" : "destination.disabled",
        id + "-" + after.version(),
        after.updatedAt(),
        id,
        data.toString().getBytes(UTF_8));
  }
}
