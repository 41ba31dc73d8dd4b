// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.limit;

import static dev.postrider.api.access.Role.PLATFORM_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.audit.AuditTrail;
import dev.postrider.api.audit.AuditTrail.Author;
import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.MergePatch;
import dev.postrider.api.problem.Preconditions;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.TenantTransactions;
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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
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

/** The tenants, for the platform's own people: {@code /api/v1/tenants}. */
@RestController
@RequestMapping(path = "/api/v1/tenants", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "tenants", description = "Who uses this platform, and how much each may")
class TenantsApi {

  private static final String PATH = "/api/v1/tenants/";

  private final Tenants tenants;
  private final TenantTransactions transactions;
  private final AuditTrail audit;
  private final LimitSettings defaults;
  private final Clock clock;
  private final SecureRandom random;

  TenantsApi(
      Tenants tenants,
      TenantTransactions transactions,
      AuditTrail audit,
      LimitSettings defaults,
      Clock clock,
      SecureRandom random) {
    this.tenants = tenants;
    this.transactions = transactions;
    this.audit = audit;
    this.defaults = defaults;
    this.clock = clock;
    this.random = random;
  }

  @Allow(PLATFORM_ADMIN)
  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "createTenant",
      summary = "Create a tenant",
      description =
          "Needed only to give it limits of its own ahead: a tenant that a token names is made with"
              + " its first destination.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(ref = "NewTenant"))))
  @ApiResponse(
      responseCode = "201",
      description = "Created",
      headers = {
        @Header(name = "Location", ref = "Location"),
        @Header(name = "ETag", ref = "ETag")
      },
      content = @Content(schema = @Schema(ref = "Tenant")))
  @ApiResponse(responseCode = "409", ref = "409")
  Mono<ResponseEntity<ObjectNode>> create(
      @AuthenticationPrincipal Caller caller,
      @RequestBody byte[] body,
      ServerWebExchange exchange) {
    TenantReader.Wanted wanted = TenantReader.wanted(JsonBody.object(body));
    Instant now = now();
    UUID uid = TimeOrderedUuid.random(now, random);
    Tenant tenant = new Tenant(wanted.id(), uid, 1, wanted.settings(), now, now);
    var change =
        new AuditTrail.Change(
            "tenant.created", "tenant", tenant.id().value(), null, tenant.settings());
    return transactions
        .within(
            tenant.id(),
            database ->
                tenants
                    .insert(database, tenant)
                    .then(audit.record(database, tenant.id(), Author.of(caller, exchange), change))
                    .thenReturn(tenant))
        .map(
            created ->
                ResponseEntity.created(URI.create(PATH + created.id()))
                    .eTag(created.etag())
                    .body(created.answer(defaults)));
  }

  @Allow(PLATFORM_ADMIN)
  @GetMapping
  @Operation(operationId = "listTenants", summary = "List tenants", description = "Newest first.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "TenantPage")))
  Mono<Page<ObjectNode>> list(
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Page.Wanted page = Page.Wanted.of(limit, cursor);
    return tenants
        .list(page)
        .map(found -> page.of(found, Tenant::place, tenant -> tenant.answer(defaults)));
  }

  @Allow(PLATFORM_ADMIN)
  @GetMapping("/{id}")
  @Operation(
      operationId = "getTenant",
      summary = "Get a tenant",
      description = "`limits` are its own, null for the operator's; `effective_limits` hold.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      headers = @Header(name = "ETag", ref = "ETag"),
      content = @Content(schema = @Schema(ref = "Tenant")))
  Mono<ResponseEntity<ObjectNode>> get(@PathVariable String id) {
    return tenants.get(Problem.orNotFound(TenantId::new, id)).map(this::answer);
  }

  @Allow(PLATFORM_ADMIN)
  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "replaceTenant",
      summary = "Replace a tenant's settings",
      description = "They hold in every process before five seconds are over.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(ref = "TenantSettings"))))
  @ApiResponse(
      responseCode = "200",
      description = "Replaced",
      headers = @Header(name = "ETag", ref = "ETag"),
      content = @Content(schema = @Schema(ref = "Tenant")))
  @ApiResponse(responseCode = "412", ref = "412")
  Mono<ResponseEntity<ObjectNode>> replace(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestBody byte[] body,
      ServerWebExchange exchange) {
    ObjectNode settings = TenantReader.replacement(JsonBody.object(body));
    return revise(caller, id, exchange, _ -> settings);
  }

  @Allow(PLATFORM_ADMIN)
  @PatchMapping(
      path = "/{id}",
      consumes = {MergePatch.TYPE, MediaType.APPLICATION_JSON_VALUE})
  @Operation(
      operationId = "patchTenant",
      summary = "Change some of a tenant's settings",
      description = "A JSON merge patch (RFC 7396); null goes back to the operator's default.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(mediaType = MergePatch.TYPE, schema = @Schema(ref = "TenantPatch"))))
  @ApiResponse(
      responseCode = "200",
      description = "Changed",
      headers = @Header(name = "ETag", ref = "ETag"),
      content = @Content(schema = @Schema(ref = "Tenant")))
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
        settings -> TenantReader.settings(MergePatch.merged(settings, patch)));
  }

  private Mono<ResponseEntity<ObjectNode>> revise(
      Caller caller, String id, ServerWebExchange exchange, UnaryOperator<ObjectNode> revision) {
    TenantId tenant = Problem.orNotFound(TenantId::new, id);
    return transactions
        .within(
            tenant,
            database ->
                tenants
                    .lock(database, tenant)
                    .doOnNext(before -> Preconditions.check("tenant", exchange, before.etag()))
                    .flatMap(
                        before -> revise(database, before, revision, Author.of(caller, exchange))))
        .map(this::answer);
  }

  private Mono<Tenant> revise(
      DatabaseClient database, Tenant before, UnaryOperator<ObjectNode> revision, Author author) {
    Tenant after = before.changed(revision.apply(before.settings()), now());
    var change =
        new AuditTrail.Change(
            "tenant.updated", "tenant", after.id().value(), before.settings(), after.settings());
    return tenants
        .update(database, after)
        .then(audit.record(database, after.id(), author, change))
        .thenReturn(after);
  }

  private ResponseEntity<ObjectNode> answer(Tenant tenant) {
    return ResponseEntity.ok().eTag(tenant.etag()).body(tenant.answer(defaults));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS); // what PostgreSQL keeps
  }
}
