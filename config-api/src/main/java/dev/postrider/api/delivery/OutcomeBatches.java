// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static java.util.Comparator.comparing;

import dev.postrider.api.tenant.BinaryArray;
import dev.postrider.api.tenant.SqlFile;
import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.model.delivery.DeliveryId;
import io.r2dbc.spi.R2dbcException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes a batch of reports with two statements, however large it is; with more only when a
 * delivery has several in it, since a statement changes a row once.
 *
 * <pre>
 *   accepted at first ─► record-accepted-at-first.sql ─┬─ one of them is there already ─► all as others
 *   others ────────────► record-outcomes.sql           └─ committed together
 * </pre>
 *
 * <p>Idempotent: an attempt is a row of its own and counts when it is new; a delivery's state
 * follows its latest report in topic order, and an earlier one changes nothing.
 */
@Component
final class OutcomeBatches {

  private static final String ANY = SqlFile.read("record-outcomes.sql");
  private static final String ACCEPTED_AT_FIRST = SqlFile.read("record-accepted-at-first.sql");

  private static final Comparator<Recorded> AS_IN_THE_TABLE =
      comparing((Recorded recorded) -> recorded.report().tenant().value())
          .thenComparing(recorded -> recorded.report().delivery().uuid());

  private final SystemTransactions transactions;

  OutcomeBatches(SystemTransactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Whether PostgreSQL has read the batch and does not want it, now or ever: SQLSTATE classes 22
   * (data exception) and 23 (integrity constraint violation). A statement that does not fit the
   * schema is not: that is an upgrade under way.
   */
  static boolean isRefusal(Throwable thrown) {
    return thrown instanceof IllegalArgumentException
        || Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
            .anyMatch(OutcomeBatches::isAboutTheData);
  }

  private static boolean isAboutTheData(Throwable thrown) {
    if (!(thrown instanceof R2dbcException e)) {
      return false;
    }
    String state = Objects.requireNonNullElse(e.getSqlState(), "");
    return state.startsWith("22") || state.startsWith("23");
  }

  /** Reports in topic order, as far as they are of one delivery. */
  Mono<Void> write(List<Recorded> batch) {
    return batch.isEmpty()
        ? Mono.empty()
        : transactions
            .within(database -> statements(database, batch, Recorded::acceptedAtFirst))
            .onErrorResume(
                DuplicateKeyException.class,
                _ -> transactions.within(database -> statements(database, batch, _ -> false)));
  }

  private static Mono<Void> statements(
      DatabaseClient database, List<Recorded> batch, Predicate<Recorded> alone) {
    List<List<Recorded>> rounds = rounds(batch);
    List<Recorded> firsts = rounds.getFirst();
    return acceptedAtFirst(database, only(firsts, alone))
        .then(any(database, only(firsts, alone.negate())))
        .thenMany(Flux.fromIterable(rounds).skip(1).concatMap(round -> any(database, round)))
        .then();
  }

  private static List<Recorded> only(List<Recorded> round, Predicate<Recorded> kind) {
    return round.stream().filter(kind).toList();
  }

  private static Mono<Void> acceptedAtFirst(DatabaseClient database, List<Recorded> firsts) {
    return one(database, ACCEPTED_AT_FIRST, firsts, ReportColumns.ofAcceptedAtFirst(firsts));
  }

  private static Mono<Void> any(DatabaseClient database, List<Recorded> round) {
    return one(database, ANY, round, ReportColumns.of(round));
  }

  private static Mono<Void> one(
      DatabaseClient database, String sql, List<Recorded> round, Map<String, BinaryArray> columns) {
    if (round.isEmpty()) {
      return Mono.empty();
    }
    GenericExecuteSpec statement = database.sql(sql);
    for (var column : columns.entrySet()) {
      statement = statement.bind(column.getKey(), column.getValue());
    }
    return statement.then();
  }

  /**
   * The first reports of all deliveries, the second of those that have one, and so on; each in the
   * order of the tables' keys, so that neighbours go to the same page, and nobody waits in circles.
   */
  static List<List<Recorded>> rounds(List<Recorded> batch) {
    List<List<Recorded>> rounds = new ArrayList<>();
    for (List<Recorded> left = batch; !left.isEmpty(); ) {
      Map<DeliveryId, Recorded> firsts = LinkedHashMap.newLinkedHashMap(left.size());
      List<Recorded> later = new ArrayList<>();
      for (Recorded recorded : left) {
        if (firsts.putIfAbsent(recorded.report().delivery(), recorded) != null) {
          later.add(recorded);
        }
      }
      rounds.add(firsts.values().stream().sorted(AS_IN_THE_TABLE).toList());
      left = later;
    }
    return rounds;
  }
}
