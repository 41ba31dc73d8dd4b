// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.destination.Subscriptions;
import dev.postrider.api.limit.Bodies;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.problem.WholeNumber;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.DestinationId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** What a receiver has missed: {@code …/destinations/{id}/events}. */
@RestController
@Tag(name = "replays")
class MissedApi {

  private static final int LONGEST_WAIT = 30;

  private final TenantTransactions transactions;
  private final Subscriptions subscriptions;
  private final Missed missed;
  private final Bodies bodies;

  MissedApi(
      TenantTransactions transactions, Subscriptions subscriptions, Missed missed, Bodies bodies) {
    this.transactions = transactions;
    this.subscriptions = subscriptions;
    this.missed = missed;
    this.bodies = bodies;
  }

  /** Oldest first; the cursor is always there. */
  record Page(List<ObjectNode> items, String nextCursor) {}

  @Allow({TENANT_ADMIN, OPERATOR})
  @GetMapping(
      path = "/api/v1/integrations/destinations/{id}/events",
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "listMissedDeliveries",
      summary = "Fetch what a destination has missed",
      description =
          "The events of its deliveries that have failed for good or were cancelled, in the order"
              + " in which they came to that end. Ask again with `after` = `next_cursor`: that"
              + " acknowledges the page. When there is none, the answer waits for one, up to"
              + " `wait_seconds` (0 to 30). Nothing is changed by it: whoever replays the same"
              + " deliveries sends them again. `event` is null when the payload is past retention.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "MissedDeliveryPage")))
  @Parameter(
      name = "limit",
      description = "How many a page has",
      schema = @Schema(type = "integer", minimum = "1", maximum = "50", defaultValue = "20"))
  Mono<Page> missed(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String after,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(name = "wait_seconds", required = false) @Nullable String wait) {
    int size = WholeNumber.read("limit", limit, 20, 1, 50);
    int patience = WholeNumber.read("wait_seconds", wait, 0, 0, LONGEST_WAIT);
    Missed.Position position =
        new Missed.Position(
            caller.tenant(), Problem.orNotFound(DestinationId::parse, id), offset(after));
    return transactions
        .within(
            caller.tenant(),
            database -> subscriptions.find(database, caller.tenant(), position.destination()))
        .switchIfEmpty(Mono.error(Problem::notFound))
        .flatMap(_ -> bodies.shownTo(caller))
        .map(shown -> new Missed.Wish(size, Duration.ofSeconds(patience), shown))
        .flatMap(wish -> missed.behind(position, wish))
        .map(page -> new Page(page.items(), Long.toString(page.next(), Character.MAX_RADIX)));
  }

  private static long offset(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return -1;
    }
    try {
      return Long.parseLong(text, Character.MAX_RADIX);
    } catch (NumberFormatException _) {
      throw Problem.invalid("after", "after must be a next_cursor of this destination");
    }
  }
}
