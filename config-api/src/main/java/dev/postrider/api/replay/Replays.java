// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.event.TenantId;
import io.r2dbc.postgresql.codec.Json;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The replays of one tenant; every call runs inside a transaction of that tenant. */
@Component
final class Replays {

  /** Newest first, at most that many, behind the cursor. */
  Mono<List<Replay>> list(DatabaseClient database, TenantId tenant, Page.Wanted page) {
    String sql = "select * from replays where tenant = :tenant" + page.behind("id");
    return page.bound(database.sql(sql))
        .bind("tenant", tenant.value())
        .map(Replay::read)
        .all()
        .collectList();
  }

  /** Fails with a 404 when this tenant has none of that id. */
  Mono<Replay> get(DatabaseClient database, TenantId tenant, UUID id) {
    return database
        .sql("select * from replays where tenant = :tenant and id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(Replay::read)
        .one()
        .switchIfEmpty(Mono.error(Problem::notFound));
  }

  Mono<Replay> insert(DatabaseClient database, Replay replay) {
    return database
        .sql(
            """
            insert into replays (tenant, id, destination_id, filter, state, run, created_at,
                updated_at)
            values (:tenant, :id, :destination, :filter, 'pending', nextval('runs'), :now, :now)
            returning *
            """)
        .bind("tenant", replay.tenant().value())
        .bind("id", replay.id())
        .bind("destination", replay.destination().uuid())
        .bind("filter", Json.of(replay.filter().document().toString()))
        .bind("now", replay.createdAt())
        .map(Replay::read)
        .one();
  }

  /** Fails with a 409 when it has ended. */
  Mono<Replay> cancel(DatabaseClient database, Replay replay, Instant now) {
    return database
        .sql(
            """
            update replays set state = 'cancelled', updated_at = :now
            where tenant = :tenant and id = :id and state in ('pending', 'running')
            returning *
            """)
        .bind("tenant", replay.tenant().value())
        .bind("id", replay.id())
        .bind("now", now)
        .map(Replay::read)
        .one()
        .switchIfEmpty(
            Mono.error(
                () ->
                    Problem.of(
                        HttpStatus.CONFLICT,
                        "only what goes on can be cancelled: the replay is " + replay.state())));
  }
}
