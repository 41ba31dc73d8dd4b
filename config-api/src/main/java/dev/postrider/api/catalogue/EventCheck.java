// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import dev.postrider.api.problem.Violations;
import dev.postrider.api.tenant.PostgresPresence;
import dev.postrider.api.tenant.Remembered;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks events before they are published, where their type asks for it. A change of a type counts
 * within five seconds; while PostgreSQL is away and nothing is known of a tenant, its events pass,
 * since publishing needs Kafka alone.
 */
@Component
public final class EventCheck {

  private static final Logger LOG = LoggerFactory.getLogger(EventCheck.class);
  private static final int THREADS = 2;
  private static final int MOST_WAITING = 1_000;

  private final TenantTransactions transactions;
  private final Catalogue catalogue;
  private final JsonMapper json;
  private final Scheduler threads =
      Schedulers.newBoundedElastic(THREADS, MOST_WAITING, "event-check", 60, true);
  private final Remembered<TenantId, Map<String, CheckedType>> types;

  EventCheck(
      TenantTransactions transactions,
      PostgresPresence postgres,
      Catalogue catalogue,
      JsonMapper json) {
    this.transactions = transactions;
    this.catalogue = catalogue;
    this.json = json;
    this.types = new Remembered<>(postgres, this::ask);
  }

  /** Fails with a 400 that names all that does not fit. */
  public Mono<Void> check(TenantId tenant, List<EventDraft> events, boolean batch) {
    return types
        .of(tenant)
        .doOnError(e -> LOG.warn("events of {} pass unchecked: {}", tenant, e.toString()))
        .onErrorReturn(Map.of())
        .filter(known -> events.stream().anyMatch(event -> known.containsKey(type(event))))
        .publishOn(threads)
        .doOnNext(known -> check(known, events, batch))
        .then();
  }

  private void check(Map<String, CheckedType> known, List<EventDraft> events, boolean batch) {
    Violations violations = new Violations();
    for (int index = 0; index < events.size(); index++) {
      EventDraft event = events.get(index);
      CheckedType type = known.get(type(event));
      if (type != null) {
        check(type, event, batch ? "[" + index + "]." : "", violations);
      }
    }
    violations.refuse();
  }

  private void check(CheckedType type, EventDraft event, String path, Violations violations) {
    String url = event.attributes().get("dataschema");
    DataSchema schema = type.named(url);
    if (schema == null) {
      violations.add(
          path + "dataschema",
          "%sdataschema must be a schema_url of %s or absent: was '%s'"
              .formatted(path, type.name(), url));
      return;
    }
    if (event.payload().length() == 0) {
      violations.add(
          path + "data",
          "%sdata is required, as events of %s are checked".formatted(path, type.name()));
      return;
    }
    try {
      JsonNode data = json.readTree(event.payload().bytes());
      schema.check(data, path + "data", violations);
    } catch (JacksonException e) {
      violations.add(
          path + "data",
          "%sdata must be JSON, as events of %s are checked: %s"
              .formatted(path, type.name(), e.getOriginalMessage()));
    }
  }

  private static String type(EventDraft event) {
    return event.attributes().getOrDefault("type", "");
  }

  private Mono<Map<String, CheckedType>> ask(TenantId tenant) {
    return transactions
        .within(tenant, database -> catalogue.validating(database, tenant))
        .map(EventCheck::checked);
  }

  private static Map<String, CheckedType> checked(List<CatalogueEntry> entries) {
    Map<String, CheckedType> types = new HashMap<>();
    entries.forEach(entry -> types.put(entry.name(), CheckedType.of(entry)));
    return Map.copyOf(types);
  }
}
