// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.rotation;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.api.destination.SealedDestinations;
import dev.postrider.api.outbox.Outbox;
import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.SecretBox;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Seals anew, with the primary key, what older keys have sealed: a destination in each transaction,
 * and no further one before Kafka has its snapshot.
 *
 * <p>What is left to do is what the rows say, so it may be stopped anywhere and goes on with the
 * next pass, in whichever instance; two at once do not harm, since each looks again under the row's
 * lock. Old and new open all the while.
 */
@Component
final class Resealing {

  private static final Logger LOG = LoggerFactory.getLogger(Resealing.class);
  private static final int PAGE = 100;

  private static final String OUTDATED =
      """
      select tenant, id from destinations
      where sealing_keys && :keys and (tenant, id) > (:tenant, :id)
      union
      select tenant, destination_id from oauth_grants
      where sealing_keys && :keys and (tenant, destination_id) > (:tenant, :id)
      order by tenant, id limit\s"""
          + PAGE;

  private static final Row FIRST = new Row("", new UUID(0, 0));

  private final SystemTransactions everywhere;
  private final TenantTransactions transactions;
  private final SealedDestinations destinations;
  private final KeyUse use;
  private final Outbox outbox;
  private final String[] outdated;

  Resealing(
      SystemTransactions everywhere,
      TenantTransactions transactions,
      SealedDestinations destinations,
      KeyUse use,
      Outbox outbox,
      SecretBox box) {
    this.everywhere = everywhere;
    this.transactions = transactions;
    this.destinations = destinations;
    this.use = use;
    this.outbox = outbox;
    this.outdated = box.outdated().toArray(String[]::new);
  }

  private record Row(String tenant, UUID id) {}

  /** At start and then every ten minutes; without an older key there is nothing to do. */
  @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
  Mono<Void> run() {
    return pass()
        .count()
        .filter(count -> count > 0)
        .zipWith(use.rows())
        .doOnNext(
            both ->
                LOG.info(
                    "{} destinations sealed anew; rows by key: {}", both.getT1(), both.getT2()))
        .doOnError(e -> LOG.warn("not all is sealed anew, will go on: {}", e.toString()))
        .onErrorComplete()
        .then();
  }

  /** The destinations that are sealed anew, each as it is. */
  Flux<DestinationId> pass() {
    return outdated.length == 0
        ? Flux.empty()
        : page(FIRST)
            .expand(rows -> rows.size() < PAGE ? Mono.empty() : page(rows.getLast()))
            .concatMapIterable(Function.identity(), 1)
            .concatMap(this::reseal, 1);
  }

  private Mono<List<Row>> page(Row after) {
    return everywhere.within(database -> page(database, after));
  }

  private Mono<List<Row>> page(DatabaseClient database, Row after) {
    return database
        .sql(OUTDATED)
        .bind("keys", outdated)
        .bind("tenant", after.tenant())
        .bind("id", after.id())
        .map(row -> new Row(required(row, "tenant", String.class), required(row, "id", UUID.class)))
        .all()
        .collectList();
  }

  private Mono<DestinationId> reseal(Row row) {
    TenantId tenant = new TenantId(row.tenant());
    DestinationId id = new DestinationId(row.id());
    return transactions
        .within(tenant, database -> destinations.reseal(database, tenant, id))
        .onErrorResume(SealedDestinations.StaysException.class, e -> skip(id, e))
        .flatMap(entry -> outbox.published(entry).thenReturn(id));
  }

  private static Mono<Outbox.Entry> skip(DestinationId id, Exception cause) {
    LOG.error("{} stays sealed as it is: {}", id, cause.getMessage());
    return Mono.empty();
  }
}
