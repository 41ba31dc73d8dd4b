// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.delivery.Rows.DeliveryRow;
import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.Preconditions;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.delivery.DeliveryId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** What became of events: {@code /api/v1/integrations/deliveries} and {@code …/health}. */
@RestController
@RequestMapping("/api/v1/integrations")
@Tag(name = "deliveries", description = "What became of events")
class DeliveriesApi {

  private static final MediaType CSV = MediaType.parseMediaType("text/csv;charset=UTF-8");

  private final TenantTransactions transactions;
  private final Deliveries deliveries;
  private final DeliveryAnswers answers;
  private final DeliveryExport export;
  private final Health health;

  DeliveriesApi(
      TenantTransactions transactions,
      Deliveries deliveries,
      DeliveryAnswers answers,
      DeliveryExport export,
      Health health) {
    this.transactions = transactions;
    this.deliveries = deliveries;
    this.answers = answers;
    this.export = export;
    this.health = health;
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping(path = "/deliveries", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "listDeliveries",
      summary = "List deliveries",
      description =
          "Newest first, by the event's time; all that are given must match. With `format=csv` or"
              + " `format=ndjson` they come all at once, without pages.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = {
        @Content(mediaType = "application/json", schema = @Schema(ref = "DeliveryPage")),
        @Content(mediaType = "application/x-ndjson", schema = @Schema(type = "string")),
        @Content(mediaType = "text/csv", schema = @Schema(type = "string"))
      })
  @Parameter(name = "id", in = ParameterIn.QUERY)
  @Parameter(name = "destination_id", in = ParameterIn.QUERY)
  @Parameter(name = "state", in = ParameterIn.QUERY)
  @Parameter(name = "event_type", in = ParameterIn.QUERY)
  @Parameter(name = "event_id", in = ParameterIn.QUERY)
  @Parameter(name = "since", in = ParameterIn.QUERY)
  @Parameter(name = "until", in = ParameterIn.QUERY)
  @Parameter(name = "http_status", in = ParameterIn.QUERY)
  @Parameter(name = "limit", in = ParameterIn.QUERY)
  @Parameter(name = "cursor", in = ParameterIn.QUERY)
  @Parameter(name = "format", in = ParameterIn.QUERY)
  Mono<Page<ObjectNode>> list(
      @AuthenticationPrincipal Caller caller,
      @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> query) {
    DeliveryFilter filter = DeliveryFilter.parse(query);
    Page.Wanted page = filter.page();
    return transactions
        .within(
            caller.tenant(), database -> deliveries.list(database, caller.tenant(), filter, page))
        .map(found -> page.of(found, DeliveryRow::place, DeliveryRow::answer));
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping(
      path = "/deliveries",
      params = "format=ndjson",
      produces = MediaType.APPLICATION_NDJSON_VALUE)
  @Operation(hidden = true)
  ResponseEntity<Flux<String>> ndjson(
      @AuthenticationPrincipal Caller caller, @RequestParam MultiValueMap<String, String> query) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_NDJSON)
        .body(export.ndjson(caller.tenant(), DeliveryFilter.parse(query)));
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping(path = "/deliveries", params = "format=csv", produces = "text/csv")
  @Operation(hidden = true)
  ResponseEntity<Flux<String>> csv(
      @AuthenticationPrincipal Caller caller, @RequestParam MultiValueMap<String, String> query) {
    return ResponseEntity.ok()
        .contentType(CSV)
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"deliveries.csv\"")
        .body(export.csv(caller.tenant(), DeliveryFilter.parse(query)));
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping(path = "/deliveries/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "getDelivery",
      summary = "Get a delivery with its attempts",
      description =
          "Auditors see no `response_excerpt`, and nobody does once the tenant's"
              + " `payloads_readable_seconds` are over.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      headers = @Header(name = HttpHeaders.ETAG, ref = HttpHeaders.ETAG),
      content = @Content(schema = @Schema(ref = "Delivery")))
  Mono<ResponseEntity<ObjectNode>> get(
      @AuthenticationPrincipal Caller caller, @PathVariable String id) {
    return answers
        .get(caller, Problem.orNotFound(DeliveryId::parse, id))
        .map(Preconditions::tagged);
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping(path = "/health", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "getHealth",
      summary = "Destinations and deliveries in numbers",
      description =
          "accepted = delivered + retrying + failed + cancelled + waiting_authorization +"
              + " in_flight.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "Health")))
  Mono<Health.Numbers> health(@AuthenticationPrincipal Caller caller) {
    return health.of(caller.tenant());
  }
}
