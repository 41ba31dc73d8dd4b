// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.audit.AuditTrail;
import dev.postrider.api.destination.Subscriptions;
import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.Preconditions;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.event.TimeOrderedUuid;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Sending many deliveries again: {@code …/destinations/{id}/replay} and {@code …/replays}. */
@RestController
@RequestMapping(path = "/api/v1/integrations", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "replays", description = "Sending again what a receiver missed")
class ReplaysApi {

  private final TenantTransactions transactions;
  private final Replays replays;
  private final Subscriptions subscriptions;
  private final AuditTrail audit;
  private final Clock clock;
  private final SecureRandom random;

  ReplaysApi(
      TenantTransactions transactions,
      Replays replays,
      Subscriptions subscriptions,
      AuditTrail audit,
      Clock clock,
      SecureRandom random) {
    this.transactions = transactions;
    this.replays = replays;
    this.subscriptions = subscriptions;
    this.audit = audit;
    this.clock = clock;
    this.random = random;
  }

  @Allow({TENANT_ADMIN, OPERATOR})
  @PostMapping(path = "/destinations/{id}/replay", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "replayDestination",
      summary = "Send again what a destination was sent, or should have been",
      description =
          "All that it was sent since then, or only some: by event type (`incident.*`) and by"
              + " state. The state `missing` stands for deliveries that were never made, because the"
              + " destination is newer than the event, was disabled, or did not want the type then;"
              + " without `states` they are sent as well. `since` and `until` compare the event's"
              + " time. Each is sent once, with its own retry schedule, paced so that fresh events"
              + " come first.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = "application/json",
                      schema = @Schema(ref = "ReplayRequest"))))
  @ApiResponse(
      responseCode = "202",
      description = "It goes on by itself; see `Location`",
      headers = @Header(name = "Location", ref = "Location"),
      content = @Content(schema = @Schema(ref = "Replay")))
  @ApiResponse(responseCode = "409", ref = "409")
  Mono<ResponseEntity<ObjectNode>> begin(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestBody byte[] body,
      ServerWebExchange exchange) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // what PostgreSQL keeps
    DestinationId destination = Problem.orNotFound(DestinationId::parse, id);
    ReplayFilter filter = ReplayFilter.read(JsonBody.object(body), now);
    return transactions
        .within(
            caller.tenant(),
            database ->
                refuseUnserved(database, caller.tenant(), destination)
                    .then(replays.insert(database, wanted(caller, destination, filter, now)))
                    .delayUntil(replay -> logged(database, caller, exchange, "created", replay)))
        .map(ReplaysApi::accepted);
  }

  private Replay wanted(
      Caller caller, DestinationId destination, ReplayFilter filter, Instant now) {
    UUID id = TimeOrderedUuid.random(now, random);
    return new Replay(
        caller.tenant(),
        id,
        destination,
        filter,
        "pending",
        null,
        0,
        null,
        0,
        0,
        new ReplayCursor.Recorded(null),
        null,
        now,
        now);
  }

  private static ResponseEntity<ObjectNode> accepted(Replay replay) {
    URI location = URI.create("/api/v1/integrations/replays/" + Replay.text(replay.id()));
    return ResponseEntity.accepted().location(location).body(replay.answer());
  }

  private Mono<Void> refuseUnserved(
      DatabaseClient database, TenantId tenant, DestinationId destination) {
    return subscriptions
        .find(database, tenant, destination)
        .switchIfEmpty(Mono.error(Problem::notFound))
        .doOnNext(
            subscription -> {
              if (!subscription.active()) {
                throw Problem.of(
                    HttpStatus.CONFLICT, "the destination is disabled: enable it first");
              }
            })
        .then();
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping("/replays")
  @Operation(operationId = "listReplays", summary = "List replays", description = "Newest first.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "ReplayPage")))
  Mono<Page<ObjectNode>> list(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Page.Wanted page = Page.Wanted.of(limit, cursor);
    return transactions
        .within(caller.tenant(), database -> replays.list(database, caller.tenant(), page))
        .map(found -> page.of(found, Replay::place, Replay::answer));
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping("/replays/{id}")
  @Operation(
      operationId = "getReplay",
      summary = "How far a replay has come",
      description =
          "`total` is how many were found by now, `done` how many of them the worker was told to"
              + " send, `skipped` how many have a payload that is past retention.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      headers = @Header(name = HttpHeaders.ETAG, ref = HttpHeaders.ETAG),
      content = @Content(schema = @Schema(ref = "Replay")))
  Mono<ResponseEntity<ObjectNode>> get(
      @AuthenticationPrincipal Caller caller, @PathVariable String id) {
    UUID wanted = Problem.orNotFound(Replay::parse, id);
    return transactions
        .within(caller.tenant(), database -> replays.get(database, caller.tenant(), wanted))
        .map(Replay::answer)
        .map(Preconditions::tagged);
  }

  @Allow({TENANT_ADMIN, OPERATOR})
  @PostMapping("/replays/{id}/cancel")
  @Operation(
      operationId = "cancelReplay",
      summary = "Stop a replay",
      description = "What the worker was told to send by then is sent.")
  @ApiResponse(
      responseCode = "200",
      description = "Cancelled",
      content = @Content(schema = @Schema(ref = "Replay")))
  @ApiResponse(responseCode = "409", ref = "409")
  Mono<ObjectNode> cancel(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, ServerWebExchange exchange) {
    UUID wanted = Problem.orNotFound(Replay::parse, id);
    Instant now = clock.instant();
    return transactions
        .within(
            caller.tenant(),
            database ->
                replays
                    .get(database, caller.tenant(), wanted)
                    .flatMap(replay -> replays.cancel(database, replay, now))
                    .delayUntil(replay -> logged(database, caller, exchange, "cancelled", replay)))
        .map(Replay::answer);
  }

  private Mono<Void> logged(
      DatabaseClient database,
      Caller caller,
      ServerWebExchange exchange,
      String action,
      Replay replay) {
    return audit.record(
        database,
        caller.tenant(),
        AuditTrail.Author.of(caller, exchange),
        new AuditTrail.Change(
            "replay." + action, "replay", Replay.text(replay.id()), null, replay.answer()));
  }
}
