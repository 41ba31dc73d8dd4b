// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.audit.AuditTrail.Author;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.settings.Settings;
import dev.postrider.api.settings.SettingsReader;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.DestinationStatus;
import dev.postrider.model.event.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Switches destinations off because of what their receivers say, or have not said for days. */
@Component
public final class Disabling {

  private static final Logger LOG = LoggerFactory.getLogger(Disabling.class);

  private final TenantTransactions transactions;
  private final Destinations destinations;
  private final SettingsReader reader;
  private final ChangeLog log;
  private final Clock clock;

  Disabling(
      TenantTransactions transactions,
      Destinations destinations,
      SettingsReader reader,
      ChangeLog log,
      Clock clock) {
    this.transactions = transactions;
    this.destinations = destinations;
    this.reader = reader;
    this.log = log;
    this.clock = clock;
  }

  /**
   * Why a destination is to be switched off.
   *
   * @param status what it becomes
   * @param reason for its admin
   * @param shownBy id of the delivery whose attempt shows it
   * @param begun when that attempt was; a destination that was changed since is another one
   */
  public record Cause(
      TenantId tenant,
      DestinationId destination,
      DestinationStatus status,
      String reason,
      String shownBy,
      Instant begun) {

    boolean concerns(StoredDestination stored) {
      return stored.active() && !stored.updatedAt().isAfter(begun);
    }
  }

  /** Done at once or not at all; changes nothing when it is switched off already, or changed. */
  public Mono<Void> disable(Cause cause) {
    return transactions
        .within(
            cause.tenant(),
            database ->
                destinations
                    .lock(database, cause.tenant(), cause.destination())
                    .filter(cause::concerns)
                    .flatMap(before -> disable(database, before, cause)))
        .doOnNext(_ -> LOG.info("{} is switched off: {}", cause.destination(), cause.reason()))
        .onErrorResume(Problem.class, e -> Mono.fromRunnable(() -> noteUntouched(cause, e)))
        .then();
  }

  private Mono<StoredDestination> disable(
      DatabaseClient database, StoredDestination before, Cause cause) {
    Settings settings = before.read(reader, before.settings().deepCopy().put("enabled", false));
    StoredDestination after =
        before.revised(
            new StoredDestination.Standing(cause.status(), cause.reason()),
            settings.document(),
            before.kept(),
            clock.instant().truncatedTo(ChronoUnit.MICROS));
    var change = new ChangeLog.Change("disabled", before, after, Snapshots.of(after, settings));
    return destinations
        .update(database, after)
        .then(log.write(database, Author.postrider(cause.shownBy()), change))
        .thenReturn(after);
  }

  /** It was deleted, or its settings break a rule of today; neither may hold up the recorder. */
  private static void noteUntouched(Cause cause, Problem problem) {
    LOG.warn(
        "{} stays as it is, although {}: {}",
        cause.destination(),
        cause.reason(),
        problem.getMessage());
  }
}
