// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.api.audit.AuditTrail;
import dev.postrider.api.destination.Subscriptions;
import dev.postrider.api.event.StoredEvents;
import dev.postrider.api.outbox.Outbox;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.Columns;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.Topics;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Orders about single deliveries: the row, its audit entry and the order for the worker in one
 * transaction, and no answer before Kafka has the order.
 *
 * <pre>
 *   retry   its payload is read back ─► row locked ─► next run number ─► REPLACE what waits, or SEND
 *   cancel                              row locked ─► next run number ─► CANCEL what waits
 * </pre>
 */
@Component
final class Orders {

  private final TenantTransactions transactions;
  private final Subscriptions subscriptions;
  private final StoredEvents events;
  private final AuditTrail audit;
  private final Outbox outbox;
  private final Clock clock;

  Orders(
      TenantTransactions transactions,
      Subscriptions subscriptions,
      StoredEvents events,
      AuditTrail audit,
      Outbox outbox,
      Clock clock) {
    this.transactions = transactions;
    this.subscriptions = subscriptions;
    this.events = events;
    this.audit = audit;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Who orders, and about what. */
  record Subject(TenantId tenant, AuditTrail.Author author, DeliveryId delivery) {}

  /** Has it attempted at once; with its remaining schedule, should that fail. */
  Mono<Void> retry(Subject subject) {
    return transactions
        .within(subject.tenant(), database -> find(database, subject, ""))
        .flatMap(stored -> events.read(subject.tenant(), stored.event()))
        .flatMap(event -> ordered(subject, database -> retry(database, subject, event)));
  }

  private Mono<Outbox.Entry> retry(DatabaseClient database, Subject subject, PlatformEvent event) {
    Instant now = now();
    return find(database, subject, " for update")
        .delayUntil(stored -> refuseUnserved(database, subject.tenant(), stored))
        .zipWith(nextRun(database))
        .flatMap(
            both -> {
              StoredDelivery before = both.getT1();
              Delivery again = before.again(event, both.getT2(), before.first());
              return written(database, subject, before, Change.retried(before, again), now);
            });
  }

  /** Has it attempted no more; what is under way is not called back. */
  Mono<Void> cancel(Subject subject) {
    return ordered(subject, database -> cancel(database, subject));
  }

  private Mono<Outbox.Entry> cancel(DatabaseClient database, Subject subject) {
    Instant now = now();
    return find(database, subject, " for update")
        .doOnNext(Orders::refuseEnded)
        .zipWith(nextRun(database))
        .flatMap(
            both -> {
              StoredDelivery before = both.getT1();
              Delivery calledOff = before.calledOff(subject.tenant(), both.getT2());
              return written(database, subject, before, Change.cancelled(calledOff), now);
            });
  }

  /** What is written about an order. */
  private record Change(String action, DeliveryState state, Delivery delivery) {

    static Change retried(StoredDelivery before, Delivery again) {
      boolean tried = again.run().attempts(before.attempts()) > 0;
      DeliveryState state = tried ? DeliveryState.RETRYING : DeliveryState.PENDING;
      return new Change("delivery.retried", state, again);
    }

    static Change cancelled(Delivery calledOff) {
      return new Change("delivery.cancelled", DeliveryState.CANCELLED, calledOff);
    }
  }

  private interface Work {
    Mono<Outbox.Entry> in(DatabaseClient database);
  }

  private Mono<Void> ordered(Subject subject, Work work) {
    return transactions
        .within(subject.tenant(), work::in)
        .flatMap(
            entry ->
                outbox
                    .published(entry)
                    .onErrorMap(
                        e ->
                            Problem.unavailable(
                                "the order is stored and will be carried out when Kafka is back;"
                                    + " do not repeat it",
                                e)));
  }

  private Mono<StoredDelivery> find(DatabaseClient database, Subject subject, String locking) {
    return database
        .sql(
            "select "
                + StoredDelivery.COLUMNS
                + " from deliveries where tenant = :tenant and created_at = :at and id = :id"
                + locking)
        .bind("tenant", subject.tenant().value())
        .bind("at", subject.delivery().time())
        .bind("id", subject.delivery().uuid())
        .map(StoredDelivery::read)
        .one()
        .switchIfEmpty(Mono.error(Problem::notFound));
  }

  /** What is not served would be cancelled by the worker: better said now. */
  private Mono<Void> refuseUnserved(
      DatabaseClient database, TenantId tenant, StoredDelivery stored) {
    return subscriptions
        .find(database, tenant, stored.destination())
        .filter(Subscriptions.Subscription::active)
        .switchIfEmpty(
            Mono.error(
                () ->
                    Problem.of(
                        HttpStatus.CONFLICT,
                        "the destination %s is disabled or deleted: enable it first"
                            .formatted(stored.destination()))))
        .then();
  }

  private static void refuseEnded(StoredDelivery stored) {
    if (!stored.waits()) {
      throw Problem.of(
          HttpStatus.CONFLICT,
          "only what waits can be cancelled: the delivery is " + lower(stored.state()));
    }
  }

  private static Mono<Long> nextRun(DatabaseClient database) {
    return database
        .sql("select nextval('runs') as run")
        .map(row -> Columns.required(row, "run", Long.class))
        .one();
  }

  private Mono<Outbox.Entry> written(
      DatabaseClient database, Subject subject, StoredDelivery before, Change change, Instant now) {
    return update(database, subject, change, now)
        .then(audit.record(database, subject.tenant(), subject.author(), entry(before, change)))
        .then(
            outbox.put(
                database,
                subject.tenant(),
                DeliveryCodec.write(Topics.DELIVERIES, change.delivery(), now)));
  }

  private static Mono<Void> update(
      DatabaseClient database, Subject subject, Change change, Instant now) {
    GenericExecuteSpec statement =
        database
            .sql(
                """
                with moved as (
                  update deliveries set state = :state, run = :run, next_attempt_at = :next,
                    updated_at = :now
                  where tenant = :tenant and created_at = :at and id = :id
                  returning tenant, created_at, old.state as was, new.state as became)
                select count_moves(array[tenant], array[created_at], array[was], array[became])
                from moved
                """)
            .bind("state", lower(change.state()))
            .bind("run", change.delivery().run().number())
            .bind("now", now)
            .bind("tenant", subject.tenant().value())
            .bind("at", subject.delivery().time())
            .bind("id", subject.delivery().uuid());
    boolean ends = change.state() == DeliveryState.CANCELLED;
    return (ends ? statement.bindNull("next", Instant.class) : statement.bind("next", now)).then();
  }

  private static AuditTrail.Change entry(StoredDelivery before, Change change) {
    return new AuditTrail.Change(
        change.action(),
        "delivery",
        before.id().toString(),
        state(before.state()),
        state(change.state()));
  }

  private static ObjectNode state(DeliveryState state) {
    return JsonNodeFactory.instance.objectNode().put("state", lower(state));
  }

  private static String lower(DeliveryState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS); // what headers of a delivery keep
  }
}
