// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.MergePatch;
import dev.postrider.api.tenant.TenantTransactions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
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

/** The catalogue of what a tenant publishes: {@code /api/v1/event-types}. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "event-types", description = "What a tenant publishes, with JSON Schemas")
class EventTypesApi {

  private final CatalogueChanges changes;
  private final Catalogue catalogue;
  private final TenantTransactions transactions;

  EventTypesApi(CatalogueChanges changes, Catalogue catalogue, TenantTransactions transactions) {
    this.changes = changes;
    this.catalogue = catalogue;
    this.transactions = transactions;
  }

  @Allow(TENANT_ADMIN)
  @PostMapping(path = "/event-types", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "createEventType",
      summary = "Describe an event type",
      description =
          "`schema` is a JSON Schema (2020-12) of the data. With `validate`, `POST /events` refuses"
              + " data that does not fit; what services write to Kafka themselves is not checked.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(ref = "EventTypeSettings"))))
  @ApiResponse(
      responseCode = "201",
      description = "Described",
      headers = {
        @Header(name = "Location", ref = "Location"),
        @Header(name = "ETag", ref = "ETag")
      },
      content = @Content(schema = @Schema(ref = "CatalogueEventType")))
  @ApiResponse(responseCode = "409", ref = "409")
  Mono<ResponseEntity<ObjectNode>> create(
      @AuthenticationPrincipal Caller caller,
      @RequestBody byte[] body,
      ServerWebExchange exchange) {
    ObjectNode settings = EventTypeReader.read(JsonBody.object(body), null);
    return changes
        .create(caller, exchange, settings)
        .map(
            entry ->
                ResponseEntity.created(URI.create(entry.path()))
                    .eTag(entry.etag())
                    .body(entry.wholeAnswer()));
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping("/event-types")
  @Operation(
      operationId = "listEventTypes",
      summary = "List event types",
      description = "Newest first, each as it is in force.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "EventTypePage")))
  Mono<Page<ObjectNode>> list(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Page.Wanted page = Page.Wanted.of(limit, cursor);
    return transactions
        .within(caller.tenant(), database -> catalogue.list(database, caller.tenant(), page))
        .map(found -> page.of(found, CatalogueEntry::place, CatalogueEntry::answer));
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping("/event-types/{name}")
  @Operation(
      operationId = "getEventType",
      summary = "Get an event type",
      description = "With all its versions, newest first.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      headers = @Header(name = "ETag", ref = "ETag"),
      content = @Content(schema = @Schema(ref = "CatalogueEventType")))
  Mono<ResponseEntity<ObjectNode>> get(
      @AuthenticationPrincipal Caller caller, @PathVariable String name) {
    return transactions
        .within(caller.tenant(), database -> catalogue.get(database, caller.tenant(), name))
        .map(EventTypesApi::answer);
  }

  @Allow(TENANT_ADMIN)
  @PutMapping(path = "/event-types/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "replaceEventType",
      summary = "Replace the description of an event type",
      description = "Another schema is a new version; those before it can still be read.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(ref = "EventTypeReplacement"))))
  @ApiResponse(
      responseCode = "200",
      description = "Replaced",
      headers = @Header(name = "ETag", ref = "ETag"),
      content = @Content(schema = @Schema(ref = "CatalogueEventType")))
  @ApiResponse(responseCode = "409", ref = "409")
  @ApiResponse(responseCode = "412", ref = "412")
  Mono<ResponseEntity<ObjectNode>> replace(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String name,
      @RequestBody byte[] body,
      ServerWebExchange exchange) {
    ObjectNode settings = EventTypeReader.replacement(JsonBody.object(body), name);
    return revise(caller, name, exchange, _ -> settings);
  }

  @Allow(TENANT_ADMIN)
  @PatchMapping(
      path = "/event-types/{name}",
      consumes = {MergePatch.TYPE, MediaType.APPLICATION_JSON_VALUE})
  @Operation(
      operationId = "patchEventType",
      summary = "Change some of an event type",
      description =
          "A JSON merge patch (RFC 7396), but for `schema` and `example`, which are replaced whole.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(mediaType = MergePatch.TYPE, schema = @Schema(ref = "EventTypePatch"))))
  @ApiResponse(
      responseCode = "200",
      description = "Changed",
      headers = @Header(name = "ETag", ref = "ETag"),
      content = @Content(schema = @Schema(ref = "CatalogueEventType")))
  @ApiResponse(responseCode = "409", ref = "409")
  @ApiResponse(responseCode = "412", ref = "412")
  Mono<ResponseEntity<ObjectNode>> patch(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String name,
      @RequestBody byte[] body,
      ServerWebExchange exchange) {
    ObjectNode patch = JsonBody.object(body);
    return revise(
        caller,
        name,
        exchange,
        settings -> EventTypeReader.read(settings.deepCopy().setAll(patch), name));
  }

  @Allow(TENANT_ADMIN)
  @DeleteMapping("/event-types/{name}")
  @Operation(
      operationId = "deleteEventType",
      summary = "Remove an event type from the catalogue",
      description = "Events of this type can still be published, unchecked.")
  @ApiResponse(responseCode = "204", description = "Removed", content = @Content)
  @ApiResponse(responseCode = "412", ref = "412")
  Mono<ResponseEntity<Void>> delete(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String name,
      ServerWebExchange exchange) {
    return changes.delete(caller, exchange, name).thenReturn(ResponseEntity.noContent().build());
  }

  private Mono<ResponseEntity<ObjectNode>> revise(
      Caller caller, String name, ServerWebExchange exchange, UnaryOperator<ObjectNode> revision) {
    return changes.revise(caller, exchange, name, revision).map(EventTypesApi::answer);
  }

  private static ResponseEntity<ObjectNode> answer(CatalogueEntry entry) {
    return ResponseEntity.ok().eTag(entry.etag()).body(entry.wholeAnswer());
  }
}
