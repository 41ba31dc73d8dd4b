// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.api.tenant.BinaryArray;
import dev.postrider.api.tenant.Columns;
import dev.postrider.api.tenant.SqlFile;
import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.model.delivery.Delivery;
import io.r2dbc.postgresql.codec.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Who works on which replay, and how far it has come. A replay is whose it was taken on by until
 * the lease lapses, 20 s after it was last renewed; whoever has lost it changes nothing any more.
 */
@Component
final class ReplayLeases {

  private static final String CLAIM =
      """
      update replays set owner = :owner, lease_until = now() + interval '20 seconds',
          state = 'running', updated_at = now()
      where (tenant, id) = (
        select tenant, id from replays
        where state in ('pending', 'running') and (lease_until is null or lease_until < now())
        order by lease_until nulls first, created_at limit 1
        for update skip locked)
      returning *
      """;

  private static final String ADVANCE =
      """
      update replays set done = done + :done, skipped = skipped + :skipped,
          total = greatest(total, done + skipped + :done + :skipped), cursor = :cursor,
          lease_until = now() + interval '20 seconds', updated_at = now()
      where tenant = :tenant and id = :id and owner = :owner and state in ('running', 'cancelled')
      returning state = 'running' as goes_on
      """;

  private static final String BEGIN =
      """
      update replays set total = :total
      where tenant = :tenant and id = :id and owner = :owner and state = 'running'
      """;

  private static final String END =
      """
      update replays set state = :state, reason = :reason, total = done + skipped,
          lease_until = null, updated_at = now()
      where tenant = :tenant and id = :id and owner = :owner and state = 'running'
      """;

  private static final String LEAVE =
      """
      update replays set lease_until = now() + :seconds * interval '1 second'
      where tenant = :tenant and id = :id and owner = :owner
      """;

  private static final String ORDERED = SqlFile.read("order-replayed.sql");

  private static final String PROSPECT =
      """
      select exists (
          select from replays
          where tenant = :tenant and id = :id and owner = :owner and state = 'running') as held,
        exists (
          select from destinations
          where tenant = :tenant and id = :destination and status = 'active') as served,
        (select count(*) from (
          select from deliveries
          where tenant = :tenant and destination_id = :destination and state = 'pending'
            and run > 0 and run = :run
          limit :most) untried) as untried
      """;

  private final SystemTransactions transactions;

  ReplayLeases(SystemTransactions transactions) {
    this.transactions = transactions;
  }

  /** One that waits for somebody, if there is any; it is the caller's now, and nobody else's. */
  Mono<Replay> claim() {
    String owner = UUID.randomUUID().toString();
    return transactions.within(
        database -> database.sql(CLAIM).bind("owner", owner).map(Replay::read).one());
  }

  /** Notes how many there are to begin with. */
  Mono<Boolean> begin(Replay replay, long total) {
    return changed(database -> bound(database, BEGIN, replay).bind("total", total));
  }

  /**
   * The step was written: its rows show it, and the cursor moves on, also when it was the last
   * before somebody cancelled; false then, or when it is not the caller's any more.
   */
  Mono<Boolean> advance(Replay replay, ReplayStep step, Instant now) {
    return transactions.within(
        database ->
            bound(database, ADVANCE, replay)
                .bind("done", step.orders().size())
                .bind("skipped", step.skipped())
                .bind("cursor", Json.of(step.next().json().toString()))
                .map(row -> Columns.required(row, "goes_on", Boolean.class))
                .one()
                .delayUntil(_ -> ordered(database, replay, step.orders(), now))
                .defaultIfEmpty(false));
  }

  private static Mono<Void> ordered(
      DatabaseClient database, Replay replay, List<Delivery> orders, Instant now) {
    if (orders.isEmpty()) {
      return Mono.empty();
    }
    BinaryArray at = BinaryArray.ofTimes();
    BinaryArray id = BinaryArray.ofUuids();
    BinaryArray event = BinaryArray.ofUuids();
    BinaryArray ceId = BinaryArray.ofTexts();
    BinaryArray type = BinaryArray.ofTexts();
    for (Delivery order : orders) {
      at.time(order.id().time());
      id.uuid(order.id().uuid());
      event.uuid(order.event().id().uuid());
      ceId.text(order.event().ceId());
      type.text(order.event().type().value());
    }
    return database
        .sql(ORDERED)
        .bind("at", at)
        .bind("id", id)
        .bind("event", event)
        .bind("ce_id", ceId)
        .bind("type", type)
        .bind("tenant", replay.tenant().value())
        .bind("destination", replay.destination().uuid())
        .bind("run", replay.run())
        .bind("now", now)
        .then();
  }

  /**
   * Whether more makes sense now.
   *
   * @param held whether it is the caller's still, and goes on
   * @param served whether the destination is there and active
   * @param untried how many of those that were ordered have not been tried yet
   */
  record Prospect(boolean held, boolean served, long untried) {}

  /** Counts at most that many. */
  Mono<Prospect> prospect(Replay replay, int most) {
    return transactions.within(
        database ->
            bound(database, PROSPECT, replay)
                .bind("destination", replay.destination().uuid())
                .bind("run", replay.run())
                .bind("most", most)
                .map(
                    row ->
                        new Prospect(
                            Columns.required(row, "held", Boolean.class),
                            Columns.required(row, "served", Boolean.class),
                            Columns.required(row, "untried", Long.class)))
                .one());
  }

  /** It has come to its end; why, unless it was completed. */
  Mono<Boolean> end(Replay replay, String state, @Nullable String reason) {
    return changed(
        database -> {
          GenericExecuteSpec statement = bound(database, END, replay).bind("state", state);
          return reason == null
              ? statement.bindNull("reason", String.class)
              : statement.bind("reason", reason);
        });
  }

  /** Somebody else, or this one again, may go on with it after that. */
  Mono<Boolean> leave(Replay replay, Duration pause) {
    double seconds = pause.toMillis() / 1000.0;
    return changed(database -> bound(database, LEAVE, replay).bind("seconds", seconds));
  }

  private interface Statement {
    GenericExecuteSpec in(DatabaseClient database);
  }

  private Mono<Boolean> changed(Statement statement) {
    return transactions.within(
        database -> statement.in(database).fetch().rowsUpdated().map(count -> count == 1));
  }

  private GenericExecuteSpec bound(DatabaseClient database, String sql, Replay replay) {
    return database
        .sql(sql)
        .bind("tenant", replay.tenant().value())
        .bind("id", replay.id())
        .bind("owner", Objects.requireNonNull(replay.owner()));
  }
}
