// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.apikey;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.audit.AuditTrail;
import dev.postrider.api.audit.AuditTrail.Author;
import dev.postrider.api.limit.Tenants;
import dev.postrider.api.listing.Page;
import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.Preconditions;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.TenantTransactions;
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
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
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

/** Keys for a tenant's machines: {@code /api/v1/api-keys}. */
@RestController
@RequestMapping(path = "/api/v1/api-keys", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "api-keys", description = "Keys for machines that cannot log in")
class ApiKeysApi {

  private final ApiKeys keys;
  private final Tenants tenants;
  private final TenantTransactions transactions;
  private final AuditTrail audit;
  private final Clock clock;
  private final SecureRandom random;

  ApiKeysApi(
      ApiKeys keys,
      Tenants tenants,
      TenantTransactions transactions,
      AuditTrail audit,
      Clock clock,
      SecureRandom random) {
    this.keys = keys;
    this.tenants = tenants;
    this.transactions = transactions;
    this.audit = audit;
    this.clock = clock;
    this.random = random;
  }

  @Allow(TENANT_ADMIN)
  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "createApiKey",
      summary = "Create an API key",
      description =
          "The answer is the only one that shows `key`. It is sent like a token, `Authorization:"
              + " Bearer prk_…`, and may do what its `roles` may, until `expires_at`, or for ever."
              + " One that is made with a key ends no later than that key.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(ref = "NewApiKey"))))
  @ApiResponse(
      responseCode = "201",
      description = "Created",
      headers = @Header(name = "Location", ref = "Location"),
      content = @Content(schema = @Schema(ref = "MadeApiKey")))
  Mono<ResponseEntity<ObjectNode>> create(
      @AuthenticationPrincipal Caller caller,
      @RequestBody byte[] body,
      ServerWebExchange exchange) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    ObjectNode wish = JsonBody.object(body);
    KeyText text = KeyText.create(TimeOrderedUuid.random(now, random), random);
    Author author = Author.of(caller, exchange);
    return transactions.within(
        caller.tenant(),
        database ->
            latest(database, caller)
                .map(latest -> made(caller, KeyReader.read(wish, now, latest), text, now))
                .flatMap(
                    key ->
                        insert(database, key, text, author).map(answer -> created(key, answer))));
  }

  /** Nobody gives away more time than he has: what a key makes ends when it does, at the latest. */
  private Mono<Instant> latest(DatabaseClient database, Caller caller) {
    return caller.kind() == Caller.Kind.USER
        ? Mono.just(Instant.MAX)
        : keys.get(database, caller.tenant(), ApiKey.parse(caller.subject()))
            .onErrorMap(Problem.class, _ -> Problem.of(HttpStatus.FORBIDDEN, "this key is revoked"))
            .map(own -> Objects.requireNonNullElse(own.expiresAt(), Instant.MAX));
  }

  private static ApiKey made(Caller caller, KeyReader.Wanted wanted, KeyText text, Instant now) {
    return new ApiKey(
        caller.tenant(),
        text.id(),
        wanted.name(),
        wanted.roles(),
        text.last4(),
        wanted.expiresAt(),
        now,
        caller.subject(),
        null);
  }

  private Mono<ObjectNode> insert(
      DatabaseClient database, ApiKey key, KeyText text, Author author) {
    return tenants
        .ensure(database, key.tenant())
        .then(keys.insert(database, key, text.hash()))
        .then(audit.record(database, key.tenant(), author, change("created", null, key)))
        .thenReturn(key.answer().put("key", text.text().revealText()));
  }

  private static ResponseEntity<ObjectNode> created(ApiKey key, ObjectNode answer) {
    return ResponseEntity.created(URI.create("/api/v1/api-keys/" + ApiKey.text(key.id())))
        .cacheControl(CacheControl.noStore())
        .body(answer);
  }

  @Allow({TENANT_ADMIN, AUDITOR})
  @GetMapping
  @Operation(
      operationId = "listApiKeys",
      summary = "List API keys",
      description = "Newest first, without the keys themselves.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "ApiKeyPage")))
  Mono<Page<ObjectNode>> list(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Page.Wanted page = Page.Wanted.of(limit, cursor);
    return transactions
        .within(caller.tenant(), database -> keys.list(database, caller.tenant(), page))
        .map(found -> page.of(found, ApiKey::place, ApiKey::answer));
  }

  @Allow({TENANT_ADMIN, AUDITOR})
  @GetMapping("/{id}")
  @Operation(
      operationId = "getApiKey",
      summary = "Get an API key",
      description = "Without the key itself.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      headers = @Header(name = HttpHeaders.ETAG, ref = HttpHeaders.ETAG),
      content = @Content(schema = @Schema(ref = "ApiKey")))
  Mono<ResponseEntity<ObjectNode>> get(
      @AuthenticationPrincipal Caller caller, @PathVariable String id) {
    UUID wanted = Problem.orNotFound(ApiKey::parse, id);
    return transactions
        .within(caller.tenant(), database -> keys.get(database, caller.tenant(), wanted))
        .map(ApiKey::answer)
        .map(Preconditions::tagged);
  }

  @Allow(TENANT_ADMIN)
  @DeleteMapping("/{id}")
  @Operation(
      operationId = "revokeApiKey",
      summary = "Revoke an API key",
      description = "It is refused everywhere before five seconds are over.")
  @ApiResponse(responseCode = "204", description = "Revoked", content = @Content)
  Mono<ResponseEntity<Void>> revoke(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, ServerWebExchange exchange) {
    UUID wanted = Problem.orNotFound(ApiKey::parse, id);
    return transactions
        .within(caller.tenant(), database -> revoke(database, caller, wanted, exchange))
        .thenReturn(ResponseEntity.noContent().build());
  }

  private Mono<Void> revoke(
      DatabaseClient database, Caller caller, UUID id, ServerWebExchange exchange) {
    return keys.get(database, caller.tenant(), id)
        .delayUntil(key -> keys.delete(database, key))
        .flatMap(
            key ->
                audit.record(
                    database,
                    caller.tenant(),
                    Author.of(caller, exchange),
                    change("revoked", key, null)));
  }

  private static AuditTrail.Change change(
      String action, @Nullable ApiKey before, @Nullable ApiKey after) {
    ApiKey subject = after == null ? Objects.requireNonNull(before) : after;
    return new AuditTrail.Change(
        "api_key." + action,
        "api_key",
        ApiKey.text(subject.id()),
        before == null ? null : before.answer(),
        after == null ? null : after.answer());
  }
}
