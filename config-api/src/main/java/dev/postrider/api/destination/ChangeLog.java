// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.audit.AuditTrail;
import dev.postrider.api.grant.Grant;
import dev.postrider.api.outbox.Outbox;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.OperationalEvents;
import dev.postrider.model.wire.EventCodec;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What every change of a destination leaves behind, in the transaction of the change: an audit
 * entry, the snapshot for the worker and, when it was switched on or off, an operational event.
 */
@Component
final class ChangeLog {

  private static final Set<String> LOSSES = Set.of("authorization_lost", "authorization_refused");

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

    /** Whether an issuer gives no token any more; whoever was just asked for the first knows it. */
    boolean lost() {
      boolean was = before != null && before.grant() != null && saysNo(before.grant());
      return LOSSES.contains(action)
          && after != null
          && after.grant() != null
          && saysNo(after.grant())
          && !was;
    }

    private static boolean saysNo(Grant grant) {
      return switch (grant.status()) {
        case EXPIRED, ERROR -> true;
        case NOT_AUTHORIZED, PENDING, AUTHORIZED, DENIED -> false;
      };
    }

    boolean switched() {
      return before != null && after != null && before.active() != after.active();
    }
  }

  /** Answers where the snapshot waits for Kafka; the event waits behind it. */
  Mono<Outbox.Entry> write(DatabaseClient database, AuditTrail.Author author, Change change) {
    return audit
        .record(database, change.subject().tenant(), author, entry(change))
        .then(publish(database, change.subject(), change.snapshot()))
        .flatMap(entry -> tell(database, change).thenReturn(entry));
  }

  /** For the worker alone: what changed is nobody's doing. */
  Mono<Outbox.Entry> publish(
      DatabaseClient database, StoredDestination subject, @Nullable Destination snapshot) {
    byte[] value = snapshot == null ? null : ModelJson.write(snapshot);
    byte[] key = subject.id().toString().getBytes(UTF_8);
    return outbox.put(
        database, subject.tenant(), new ProducerRecord<>(Topics.DESTINATIONS, key, value));
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
    StoredDestination after = change.subject();
    if (change.switched()) {
      return outbox.put(database, after.tenant(), EventCodec.publish(switched(after))).then();
    }
    if (after.grant() != null && change.lost()) {
      EventDraft lost = lost(after, after.grant());
      return outbox.put(database, after.tenant(), EventCodec.publish(lost)).then();
    }
    return Mono.empty();
  }

  /** {@code postrider.destination.authorization_lost}: somebody has to agree again. */
  private static EventDraft lost(StoredDestination after, Grant grant) {
    ObjectNode data =
        about(after)
            .put("status", grant.status().label())
            .put("reason", grant.reason())
            .put("at", grant.at().toString());
    return OperationalEvents.of(
        after.tenant(),
        OperationalEvents.Kind.DESTINATION_AUTHORIZATION_LOST,
        after.id() + "-grant-" + grant.epoch() + "-" + grant.version(),
        grant.at(),
        after.id().toString(),
        data.toString().getBytes(UTF_8));
  }

  private static ObjectNode about(StoredDestination after) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("destination_id", after.id().toString())
        .put("name", after.settings().get("name").stringValue());
  }

  /** {@code postrider.destination.enabled} or {@code …disabled}. */
  private static EventDraft switched(StoredDestination after) {
    String id = after.id().toString();
    ObjectNode data = about(after);
    data.put("status", after.status().name().toLowerCase(Locale.ROOT));
    data.put("reason", after.statusReason());
    data.put("at", after.updatedAt().toString());
    return OperationalEvents.of(
        after.tenant(),
        after.active()
            ? OperationalEvents.Kind.DESTINATION_ENABLED
            : OperationalEvents.Kind.DESTINATION_DISABLED,
        id + "-" + after.version(),
        after.updatedAt(),
        id,
        data.toString().getBytes(UTF_8));
  }
}
