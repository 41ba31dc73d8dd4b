// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;
import static dev.postrider.api.tenant.Columns.required;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.destination.Subscriptions;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.problem.WholeNumber;
import dev.postrider.api.tenant.SqlFile;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import io.r2dbc.spi.Readable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How a destination does: {@code …/destinations/{id}/stats}. */
@RestController
@Tag(name = "deliveries")
class DestinationStats {

  private static final String STATEMENT = SqlFile.read("destination-stats.sql");
  private static final int DAY = 86_400;
  private static final int MONTH = 30 * DAY;
  private static final int MOST = 10_000;

  private final TenantTransactions transactions;
  private final Subscriptions subscriptions;
  private final Clock clock;

  DestinationStats(TenantTransactions transactions, Subscriptions subscriptions, Clock clock) {
    this.transactions = transactions;
    this.subscriptions = subscriptions;
    this.clock = clock;
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping(
      path = "/api/v1/integrations/destinations/{id}/stats",
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "getDestinationStats",
      summary = "How a destination does",
      description =
          "Over its deliveries of the last `window_seconds` (default a day, at most 30 days), by the"
              + " event's time; of more than 10,000 the newest, and `sampled` is true then."
              + " `latency_ms` is of attempts, `success_rate` the share of them that was accepted.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "DestinationStats")))
  Mono<ObjectNode> stats(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestParam(name = "window_seconds", required = false) @Nullable String window) {
    Instant since =
        clock.instant().minusSeconds(WholeNumber.read("window_seconds", window, DAY, 1, MONTH));
    DestinationId wanted = Problem.orNotFound(DestinationId::parse, id);
    return transactions.within(
        caller.tenant(),
        database ->
            subscriptions
                .find(database, caller.tenant(), wanted)
                .switchIfEmpty(Mono.error(Problem::notFound))
                .then(measure(database, caller.tenant(), wanted, since)));
  }

  private static Mono<ObjectNode> measure(
      DatabaseClient database, TenantId tenant, DestinationId destination, Instant since) {
    return database
        .sql(STATEMENT)
        .bind("tenant", tenant.value())
        .bind("destination", destination.uuid())
        .bind("since", since)
        .bind("most", MOST)
        .map(row -> answer(row, destination, since))
        .one();
  }

  private static ObjectNode answer(Readable row, DestinationId destination, Instant since) {
    long deliveries = required(row, "deliveries", Long.class);
    long attempts = required(row, "attempts", Long.class);
    long accepted = required(row, "accepted", Long.class);
    Long[] percentiles = row.get("percentiles", Long[].class);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("destination_id", destination.toString());
    answer.put("since", since.toString());
    answer.put("deliveries", deliveries);
    ObjectNode states = answer.putObject("states");
    Stream.of(DeliveryState.values()).map(DestinationStats::lower).forEach(at -> states.put(at, 0));
    states.setAll((ObjectNode) JsonMapper.shared().readTree(required(row, "states", String.class)));
    answer.put("attempts", attempts);
    answer.put("success_rate", attempts == 0 ? null : (Double) ((double) accepted / attempts));
    ObjectNode latency = answer.putObject("latency_ms");
    latency.put("p50", percentiles == null ? null : percentiles[0]);
    latency.put("p90", percentiles == null ? null : percentiles[1]);
    latency.put("p99", percentiles == null ? null : percentiles[2]);
    return answer.put("sampled", deliveries == MOST);
  }

  private static String lower(DeliveryState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
