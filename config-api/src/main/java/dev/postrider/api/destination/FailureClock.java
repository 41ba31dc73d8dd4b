// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.api.settings.DestinationRules;
import dev.postrider.api.tenant.SqlFile;
import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Knows since when destinations have had nothing but failures.
 *
 * <p>Time is what the reports say, not when they are read: a recorder that was down for days
 * switches nothing off for that, and one that reads a batch again comes to the same.
 */
@Component
public final class FailureClock {

  private static final String STATEMENT = SqlFile.read("observe-failures.sql");

  private final SystemTransactions transactions;
  private final Duration patience;

  FailureClock(SystemTransactions transactions, DestinationRules rules) {
    this.transactions = transactions;
    this.patience = rules.disableAfter();
  }

  /**
   * What a batch of reports says about one destination.
   *
   * @param accepted when it last accepted something; null when it did not
   */
  public record Observation(
      TenantId tenant,
      DestinationId destination,
      @Nullable Instant accepted,
      @Nullable Instant firstFailure,
      @Nullable Instant lastFailure) {

    /** Both, this one being the earlier. */
    public Observation then(Observation later) {
      return new Observation(
          tenant,
          destination,
          later.accepted == null ? accepted : later.accepted,
          firstFailure == null ? later.firstFailure : firstFailure,
          later.lastFailure == null ? lastFailure : later.lastFailure);
    }
  }

  /**
   * A destination that needs more than its rows.
   *
   * @param failingSince long ago, and it is still served; null when Postrider switched it off
   *     before
   */
  public record Finding(
      TenantId tenant, DestinationId destination, @Nullable Instant failingSince) {}

  /** Keeps the clocks, one destination an observation, with one statement. */
  public Mono<List<Finding>> observe(List<Observation> observations) {
    return transactions.within(database -> observe(database, observations));
  }

  private Mono<List<Finding>> observe(DatabaseClient database, List<Observation> seen) {
    return database
        .sql(STATEMENT)
        .bind("tenant", seen.stream().map(each -> each.tenant().value()).toArray(String[]::new))
        .bind(
            "destination",
            seen.stream().map(each -> each.destination().uuid()).toArray(UUID[]::new))
        .bind("accepted", micros(seen, Observation::accepted))
        .bind("first_failure", micros(seen, Observation::firstFailure))
        .bind("last_failure", micros(seen, Observation::lastFailure))
        .bind("patience", patience.dividedBy(ChronoUnit.MICROS.getDuration()))
        .map(FailureClock::finding)
        .all()
        .collectList();
  }

  private static Long[] micros(
      List<Observation> seen, Function<Observation, @Nullable Instant> time) {
    return seen.stream().map(time).map(FailureClock::micros).toArray(Long[]::new);
  }

  private static @Nullable Long micros(@Nullable Instant time) {
    return time == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static Finding finding(Readable row) {
    return new Finding(
        new TenantId(required(row, "tenant", String.class)),
        new DestinationId(required(row, "id", UUID.class)),
        row.get("failing_since", Instant.class));
  }
}
