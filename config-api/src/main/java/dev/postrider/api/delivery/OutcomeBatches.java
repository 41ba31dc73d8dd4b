// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.tenant.SqlFile;
import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.HttpHeader;
import io.r2dbc.spi.R2dbcBadGrammarException;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.r2dbc.BadSqlGrammarException;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a batch of reports with one statement, {@code record-outcomes.sql}, however large it is.
 *
 * <p>Idempotent: an attempt is a row of its own and counts when it is new; a delivery's state
 * follows its latest report in topic order, and an earlier one changes nothing.
 */
@Component
final class OutcomeBatches {

  private static final String STATEMENT = SqlFile.read("record-outcomes.sql");

  private final SystemTransactions transactions;
  private final JsonMapper json;

  OutcomeBatches(SystemTransactions transactions, JsonMapper json) {
    this.transactions = transactions;
    this.json = json;
  }

  /** Whether PostgreSQL has read the batch and does not want it, now or ever. */
  static boolean isRefusal(Throwable thrown) {
    return switch (thrown) {
      case DataIntegrityViolationException _ -> true;
      case BadSqlGrammarException _ -> true;
      case R2dbcDataIntegrityViolationException _ -> true;
      case R2dbcBadGrammarException _ -> true;
      case IllegalArgumentException _ -> true;
      default -> false;
    };
  }

  /** Reports in topic order, as far as they are of one delivery. */
  Mono<Void> write(List<Recorded> batch) {
    return batch.isEmpty()
        ? Mono.empty()
        : transactions.within(database -> bind(database.sql(STATEMENT), batch).then());
  }

  private GenericExecuteSpec bind(GenericExecuteSpec statement, List<Recorded> batch) {
    var columns = new Columns(statement, batch);
    columns.put("created", Long[]::new, each -> micros(each.delivery().time()));
    columns.put("delivery", UUID[]::new, each -> each.delivery().uuid());
    columns.put("tenant", String[]::new, each -> each.tenant().value());
    columns.put("destination", UUID[]::new, each -> each.destination().uuid());
    columns.put("event", UUID[]::new, each -> each.event().uuid());
    columns.put("ce_id", String[]::new, each -> storable(each.ceId()));
    columns.put("type", String[]::new, each -> each.type().value());
    columns.put("number", Integer[]::new, Report::number);
    columns.put("state", String[]::new, each -> each.state().name().toLowerCase(Locale.ROOT));
    columns.put("next", Long[]::new, OutcomeBatches::nextAttempt);
    columns.put("at", Long[]::new, each -> micros(each.at()));
    columns.putAttempt("started", Long[]::new, attempt -> micros(attempt.startedAt()));
    columns.putAttempt("duration", Long[]::new, attempt -> attempt.duration().toMillis());
    columns.putAttempt("outcome", String[]::new, attempt -> attempt.outcome().label());
    columns.putAttempt("reason", String[]::new, attempt -> attempt.outcome().reason());
    columns.putAttempt("status", Integer[]::new, attempt -> status(attempt.outcome()));
    columns.putAttempt("sent", String[]::new, attempt -> headers(attempt.requestHeaders()));
    columns.putAttempt("received", String[]::new, attempt -> headers(attempt.responseHeaders()));
    columns.putAttempt("excerpt", String[]::new, attempt -> storable(attempt.responseExcerpt()));
    Long[] offsets = batch.stream().map(Recorded::offset).toArray(Long[]::new);
    return columns.statement.bind("offset", offsets);
  }

  /** One array for each column, in the order of the batch. */
  private static final class Columns {

    private GenericExecuteSpec statement;
    private final List<Recorded> batch;

    Columns(GenericExecuteSpec statement, List<Recorded> batch) {
      this.statement = statement;
      this.batch = batch;
    }

    <T> void put(String name, IntFunction<T[]> array, Function<Report, @Nullable T> value) {
      T[] values = batch.stream().map(each -> value.apply(each.report())).toArray(array);
      statement = statement.bind(name, values);
    }

    <T> void putAttempt(String name, IntFunction<T[]> array, Function<Attempt, @Nullable T> value) {
      put(name, array, report -> report.attempt() == null ? null : value.apply(report.attempt()));
    }
  }

  private String headers(List<HttpHeader> headers) {
    return json.writeValueAsString(headers).replace("\\u0000", "\\ufffd");
  }

  /** PostgreSQL keeps no NUL in text; receivers may send it all the same. */
  private static @Nullable String storable(@Nullable String text) {
    return text == null ? null : text.replace('\0', '\ufffd');
  }

  /** Null where no answer came. */
  static @Nullable Integer status(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted(int status) -> status;
      case Outcome.Rejected(int status, _) -> status;
      case Outcome.Unreachable _, Outcome.Refused _ -> null;
    };
  }

  private static @Nullable Long nextAttempt(Report report) {
    return switch (report.decision()) {
      case Decision.Parked(Instant until, _) -> micros(until);
      case Decision.Finished _ -> null;
    };
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
