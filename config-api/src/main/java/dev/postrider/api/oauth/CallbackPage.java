// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import dev.postrider.api.access.Caller;
import dev.postrider.api.access.CallerToken;
import dev.postrider.api.access.Role;
import dev.postrider.api.grant.ClientKeys;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.destination.DestinationId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.reactive.result.view.Rendering;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Mono;

/**
 * What issuers and browsers see of authorisation: where people come back to, and the keys that we
 * sign with. For both nobody has to be logged in.
 */
@Controller
class CallbackPage {

  private static final List<String> ONCE = List.of("state", "code", "iss", "error");

  private final AuthorizeFlow flow;
  private final Return returned;
  private final ClientKeys keys;

  CallbackPage(AuthorizeFlow flow, Return returned, ClientKeys keys) {
    this.flow = flow;
    this.returned = returned;
    this.keys = keys;
  }

  /** From the portal: the browser that begins is the one that must come back. */
  @PostMapping("/portal/configuration/integrations/{id}/authorize")
  @ResponseBody
  Mono<AuthorizeFlow.Begun> authorize(
      @AuthenticationPrincipal OidcUser user,
      @PathVariable String id,
      WebSession session,
      ServerWebExchange exchange) {
    Caller caller = CallerToken.of(user.getClaims()).getPrincipal();
    if (caller.home() == null || !caller.roles().contains(Role.TENANT_ADMIN)) {
      throw Problem.of(HttpStatus.FORBIDDEN, "your role does not allow this");
    }
    session.start();
    return flow.begin(
        caller,
        Problem.orNotFound(DestinationId::parse, id),
        exchange.getRequest().getId(),
        session.getId());
  }

  @GetMapping("/portal/oauth")
  Mono<Rendering> takeBack(
      @RequestParam MultiValueMap<String, String> parameters, WebSession session) {
    if (ONCE.stream().anyMatch(name -> parameters.getOrDefault(name, List.of()).size() > 1)) {
      return Mono.just(
          page(new Return.Outcome(null, null, "The issuer has said something twice.")));
    }
    return returned
        .of(
            new Return.Brought(
                parameters.getFirst("state"),
                parameters.getFirst("code"),
                parameters.getFirst("iss"),
                parameters.getFirst("error"),
                parameters.getFirst("error_description"),
                session.isStarted() ? session.getId() : null))
        .map(CallbackPage::page);
  }

  private static Rendering page(Return.Outcome outcome) {
    boolean refused = outcome.status() == null;
    return Rendering.view("oauth")
        .status(refused ? HttpStatus.BAD_REQUEST : HttpStatus.OK)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .modelAttribute("status", outcome.status() == null ? "refused" : outcome.status().label())
        .modelAttribute("destination", text(outcome.destination()))
        .modelAttribute("text", outcome.text())
        .build();
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** RFC 7517 §5; an empty set for whoever has no key, be it a destination or not. */
  @GetMapping(path = "/portal/oauth/jwks/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<String>> keys(@PathVariable String id) {
    return keys.publicKey(Problem.orNotFound(DestinationId::parse, id))
        .defaultIfEmpty("")
        .map(
            key ->
                ResponseEntity.ok()
                    .cacheControl(CacheControl.noStore())
                    .body("{\"keys\": [" + key + "]}"));
  }
}
