// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

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
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes a batch of reports with three statements, however large it is; with more only when a
 * delivery has several in it, since a statement changes a row once.
 *
 * <pre>
 *   accepted at first ─► record-accepted-at-first.sql ─┬─ one of them is there already ─► all as others
 *   put off at first ──► record-put-off-at-first.sql ──┤
 *   others ────────────► record-outcomes.sql           └─ committed together
 * </pre>
 *
 * <p>Idempotent: an attempt is a row of its own and counts when it is new; a delivery's state
 * follows its latest report in topic order, and an earlier one changes nothing.
 */
@Component
final class OutcomeBatches {

  private static final Comparator<Recorded> AS_IN_THE_TABLE =
      comparing((Recorded recorded) -> recorded.report().tenant().value())
          .thenComparing(recorded -> recorded.report().delivery().uuid());

  /** What a report is of, from the cheapest to write to the dearest. */
  private enum Kind {
    ACCEPTED_AT_FIRST("record-accepted-at-first.sql"),
    PUT_OFF_AT_FIRST("record-put-off-at-first.sql"),
    ANY("record-outcomes.sql");

    private final String sql;

    Kind(String file) {
      this.sql = SqlFile.read(file);
    }

    static Kind of(Recorded recorded) {
      if (recorded.acceptedAtFirst()) {
        return ACCEPTED_AT_FIRST;
      }
      return recorded.putOffAtFirst() ? PUT_OFF_AT_FIRST : ANY;
    }

    Map<String, BinaryArray> columns(List<Recorded> some) {
      return switch (this) {
        case ACCEPTED_AT_FIRST -> ReportColumns.ofAcceptedAtFirst(some);
        case PUT_OFF_AT_FIRST -> ReportColumns.ofPutOffAtFirst(some);
        case ANY -> ReportColumns.of(some);
      };
    }
  }

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
            .within(database -> statements(database, batch, Kind::of))
            .onErrorResume(
                DuplicateKeyException.class,
                _ -> transactions.within(database -> statements(database, batch, _ -> Kind.ANY)));
  }

  private static Mono<Void> statements(
      DatabaseClient database, List<Recorded> batch, Function<Recorded, Kind> kindOf) {
    return Flux.fromStream(
            rounds(batch).stream()
                .map(round -> round.stream().collect(groupingBy(kindOf, TreeMap::new, toList()))))
        .flatMapIterable(Map::entrySet)
        .concatMap(some -> one(database, some.getKey(), some.getValue()))
        .then();
  }

  private static Mono<Void> one(DatabaseClient database, Kind kind, List<Recorded> some) {
    GenericExecuteSpec statement = database.sql(kind.sql);
    for (var column : kind.columns(some).entrySet()) {
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
