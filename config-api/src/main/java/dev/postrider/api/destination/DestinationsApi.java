// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.credential.AuthenticationReader;
import dev.postrider.api.destination.DestinationChanges.Order;
import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.MergePatch;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.settings.SettingsReader;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.DestinationId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Where events go: {@code /api/v1/integrations/destinations}. */
@RestController
@RequestMapping(
    path = "/api/v1/integrations/destinations",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "destinations", description = "Where a tenant's events go")
class DestinationsApi {

  private final DestinationChanges changes;
  private final Destinations destinations;
  private final Handshakes handshakes;
  private final SettingsReader reader;
  private final TenantTransactions transactions;

  DestinationsApi(
      DestinationChanges changes,
      Destinations destinations,
      Handshakes handshakes,
      SettingsReader reader,
      TenantTransactions transactions) {
    this.changes = changes;
    this.destinations = destinations;
    this.handshakes = handshakes;
    this.reader = reader;
    this.transactions = transactions;
  }

  @Allow(TENANT_ADMIN)
  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "createDestination",
      summary = "Create a destination",
      description =
          "The answer is the only one that shows `signing.secret`. An event published after it"
              + " reaches the destination.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = "application/json",
                      schema = @Schema(ref = "DestinationSettings"))))
  @ApiResponse(
      responseCode = "201",
      description = "Created, and published",
      headers = {
        @Header(name = "ETag", ref = "ETag"),
        @Header(name = "Location", ref = "Location")
      },
      content = @Content(schema = @Schema(ref = "Destination")))
  @ApiResponse(responseCode = "409", ref = "409")
  Mono<ResponseEntity<ObjectNode>> create(
      @AuthenticationPrincipal Caller caller,
      @RequestBody byte[] body,
      ServerWebExchange exchange) {
    return reader
        .judge(JsonBody.object(body), AuthenticationReader.Held.NONE)
        .flatMap(judged -> changes.create(order(caller, exchange), judged))
        .flatMap(stored -> handshakes.settled(order(caller, exchange), stored))
        .map(
            stored ->
                ResponseEntity.created(
                        URI.create("/api/v1/integrations/destinations/" + stored.id()))
                    .eTag(stored.etag())
                    .cacheControl(CacheControl.noStore())
                    .body(stored.answer()));
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping
  @Operation(
      operationId = "listDestinations",
      summary = "List destinations",
      description = "Newest first.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "DestinationPage")))
  Mono<Page<ObjectNode>> list(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Page.Wanted page = Page.Wanted.of(limit, cursor);
    return transactions
        .within(caller.tenant(), database -> destinations.list(database, caller.tenant(), page))
        .map(found -> page.of(found, StoredDestination::place, StoredDestination::answer));
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping("/{id}")
  @Operation(operationId = "getDestination", summary = "Get a destination")
  @AnswersDestination
  Mono<ResponseEntity<ObjectNode>> get(
      @AuthenticationPrincipal Caller caller, @PathVariable String id) {
    DestinationId wanted = Problem.orNotFound(DestinationId::parse, id);
    return transactions
        .within(caller.tenant(), database -> destinations.get(database, caller.tenant(), wanted))
        .map(DestinationsApi::answer);
  }

  @Allow(TENANT_ADMIN)
  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "replaceDestination",
      summary = "Replace a destination's settings",
      description =
          "Absent fields get their defaults; the signing key stays unless one is given. What only"
              + " answers have, such as `id` and `status`, is passed over.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = "application/json",
                      schema = @Schema(ref = "DestinationSettings"))))
  @AnswersDestination
  @ApiResponse(responseCode = "412", ref = "412")
  Mono<ResponseEntity<ObjectNode>> replace(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestBody byte[] body,
      ServerWebExchange exchange) {
    ObjectNode document = Documents.withoutAnswersOnly(JsonBody.object(body));
    return revise(caller, id, exchange, "updated", before -> reader.judge(document, before.held()));
  }

  @Allow(TENANT_ADMIN)
  @PatchMapping(
      path = "/{id}",
      consumes = {MergePatch.TYPE, MediaType.APPLICATION_JSON_VALUE})
  @Operation(
      operationId = "patchDestination",
      summary = "Change some settings",
      description = "A JSON merge patch (RFC 7396).",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = {
                @Content(mediaType = MergePatch.TYPE, schema = @Schema(ref = "DestinationPatch")),
                @Content(mediaType = "application/json", schema = @Schema(ref = "DestinationPatch"))
              }))
  @AnswersDestination
  @ApiResponse(responseCode = "412", ref = "412")
  Mono<ResponseEntity<ObjectNode>> patch(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestBody byte[] body,
      ServerWebExchange exchange) {
    ObjectNode patch = JsonBody.object(body);
    return revise(
        caller,
        id,
        exchange,
        "updated",
        before -> reader.judge(Documents.patched(before.settings(), patch), before.held()));
  }

  @Allow(TENANT_ADMIN)
  @PostMapping("/{id}/enable")
  @Operation(
      operationId = "enableDestination",
      summary = "Enable a destination",
      description =
          "Also one that was switched off because its receiver answered 410 (`gone`) or because it"
              + " had nothing but failures for days (`failing`).")
  @AnswersDestination
  @ApiResponse(responseCode = "412", ref = "412")
  Mono<ResponseEntity<ObjectNode>> enable(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, ServerWebExchange exchange) {
    return revise(
        caller,
        id,
        exchange,
        "enabled",
        before -> reader.judge(before.settings().deepCopy().put("enabled", true), before.held()));
  }

  @Allow(TENANT_ADMIN)
  @PostMapping("/{id}/disable")
  @Operation(operationId = "disableDestination", summary = "Disable a destination")
  @AnswersDestination
  @ApiResponse(responseCode = "412", ref = "412")
  Mono<ResponseEntity<ObjectNode>> disable(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, ServerWebExchange exchange) {
    return revise(caller, id, exchange, "disabled", before -> Mono.just(disabled(before)));
  }

  /** Not judged again: what may no longer be reached can still be switched off. */
  private SettingsReader.Judged disabled(StoredDestination before) {
    ObjectNode document = before.settings().deepCopy().put("enabled", false);
    return new SettingsReader.Judged(before.read(reader, document), before.statusReason());
  }

  @Allow(TENANT_ADMIN)
  @DeleteMapping(path = "/{id}", produces = MediaType.ALL_VALUE)
  @Operation(
      operationId = "deleteDestination",
      summary = "Delete a destination",
      description = "Its deliveries can still be read.")
  @ApiResponse(responseCode = "412", ref = "412")
  @ApiResponse(responseCode = "204", description = "Deleted")
  Mono<ResponseEntity<Void>> delete(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, ServerWebExchange exchange) {
    return changes
        .delete(order(caller, exchange), Problem.orNotFound(DestinationId::parse, id))
        .thenReturn(ResponseEntity.noContent().build());
  }

  private Mono<ResponseEntity<ObjectNode>> revise(
      Caller caller,
      String id,
      ServerWebExchange exchange,
      String action,
      DestinationChanges.Revision revision) {
    return changes
        .revise(
            order(caller, exchange), Problem.orNotFound(DestinationId::parse, id), action, revision)
        .flatMap(stored -> handshakes.settled(order(caller, exchange), stored))
        .map(DestinationsApi::answer);
  }

  static ResponseEntity<ObjectNode> answer(StoredDestination stored) {
    return ResponseEntity.ok()
        .eTag(stored.etag())
        .cacheControl(CacheControl.noStore())
        .body(stored.answer());
  }

  static Order order(Caller caller, ServerWebExchange exchange) {
    return new Order(
        caller,
        exchange.getRequest().getId(),
        exchange.getRequest().getHeaders().getFirst("If-Match"));
  }
}
