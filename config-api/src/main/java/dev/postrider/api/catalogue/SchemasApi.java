// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.listing.Cursor;
import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.problem.Violation;
import dev.postrider.api.problem.Violations;
import dev.postrider.api.tenant.TenantTransactions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the catalogue is good for: schemas to read, to check data with, to tell receivers of. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "event-types")
class SchemasApi {

  private static final Page.Wanted NEWEST = new Page.Wanted(Cursor.HIGHEST_LIMIT, null);

  private final Catalogue catalogue;
  private final TenantTransactions transactions;

  SchemasApi(Catalogue catalogue, TenantTransactions transactions) {
    this.catalogue = catalogue;
    this.transactions = transactions;
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping("/event-types/{name}/versions/{version}")
  @Operation(
      operationId = "getEventTypeSchema",
      summary = "Get the schema of a version",
      description =
          "Its URL can stand in an event's `dataschema`, which is then checked with this version.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "DataSchema")))
  Mono<ResponseEntity<JsonNode>> schema(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String name,
      @PathVariable String version) {
    int number = Problem.orNotFound(Integer::parseInt, version);
    return entry(caller, name)
        .map(entry -> entry.version(number).path("schema"))
        .filter(schema -> !schema.isMissingNode())
        .switchIfEmpty(Mono.error(Problem::notFound))
        .map(ResponseEntity::ok);
  }

  /** What a check has found. */
  record Checked(boolean valid, List<Violation> errors) {}

  @Allow({TENANT_ADMIN, OPERATOR})
  @PostMapping(path = "/event-types/{name}/validate", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "checkData",
      summary = "Check data against an event type",
      description = "Whether or not it has `validate`; nothing is published.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(ref = "DataToCheck"))))
  @ApiResponse(
      responseCode = "200",
      description = "Checked",
      content = @Content(schema = @Schema(ref = "CheckedData")))
  Mono<Checked> validate(
      @AuthenticationPrincipal Caller caller, @PathVariable String name, @RequestBody byte[] body) {
    JsonNode data = EventTypeReader.sample(JsonBody.object(body));
    return entry(caller, name).map(entry -> checked(entry, data));
  }

  private static Checked checked(CatalogueEntry entry, JsonNode data) {
    Violations violations = new Violations();
    if (!entry.schema().isNull()) {
      DataSchema.of(entry.schema()).check(data, "data", violations);
    }
    return new Checked(violations.none(), violations.all());
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping("/webhooks/openapi.json")
  @Operation(
      operationId = "describeWebhooks",
      summary = "Describe the catalogue for receivers",
      description = "An OpenAPI 3.1 document whose `webhooks` are the newest 250 event types.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "WebhooksDocument")))
  Mono<ObjectNode> webhooks(@AuthenticationPrincipal Caller caller) {
    return transactions
        .within(caller.tenant(), database -> catalogue.list(database, caller.tenant(), NEWEST))
        .map(found -> NEWEST.of(found, CatalogueEntry::place, Function.identity()))
        .map(page -> Webhooks.document(caller.tenant().value(), page.items()));
  }

  private Mono<CatalogueEntry> entry(Caller caller, String name) {
    return transactions.within(
        caller.tenant(), database -> catalogue.get(database, caller.tenant(), name));
  }
}
