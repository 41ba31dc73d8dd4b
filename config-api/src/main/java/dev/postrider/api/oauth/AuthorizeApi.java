// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.destination.DestinationId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Begins the authorisation of a destination over REST. */
@RestController
@Tag(name = "destinations")
class AuthorizeApi {

  private final AuthorizeFlow flow;

  AuthorizeApi(AuthorizeFlow flow) {
    this.flow = flow;
  }

  @Allow(TENANT_ADMIN)
  @PostMapping(
      path = "/api/v1/integrations/destinations/{id}/oauth/authorize",
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "authorizeDestination",
      summary = "Begin the authorisation of a destination",
      description =
          "For `auth.type` `oauth2` with the `grant_type` `authorization_code`, else 409. Open"
              + " `authorization_url` in a browser before `expires_at`; the issuer sends it back to"
              + " `auth.callback_url`, and `auth.status` says what came of it.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "AuthorizationBegun")))
  @ApiResponse(responseCode = "409", ref = "409")
  Mono<ResponseEntity<AuthorizeFlow.Begun>> authorize(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, ServerWebExchange exchange) {
    return flow.begin(
            caller,
            Problem.orNotFound(DestinationId::parse, id),
            exchange.getRequest().getId(),
            null)
        .map(begun -> ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(begun));
  }
}
