// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.access;

import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/**
 * Asks the handler that would serve the request which roles it is for. A request that no handler
 * serves is let through to its 404, 405 or 415; a handler that names no role is closed.
 */
final class HandlerRoles implements ReactiveAuthorizationManager<AuthorizationContext> {

  private final RequestMappingHandlerMapping handlers;

  HandlerRoles(RequestMappingHandlerMapping handlers) {
    this.handlers = handlers;
  }

  @Override
  public Mono<AuthorizationResult> authorize(
      Mono<Authentication> authentication, AuthorizationContext context) {
    return authentication
        .filter(Authentication::isAuthenticated)
        .flatMap(caller -> judge(caller, context))
        .defaultIfEmpty(new AuthorizationDecision(false));
  }

  private Mono<AuthorizationResult> judge(Authentication caller, AuthorizationContext context) {
    if (context.getExchange().getRequest().getMethod().equals(HttpMethod.OPTIONS)) {
      return Mono.just(new AuthorizationDecision(true)); // it tells the methods, and nothing else
    }
    return handlers
        .getHandler(context.getExchange())
        .map(handler -> allows(handler, caller))
        .onErrorReturn(ResponseStatusException.class, true)
        .defaultIfEmpty(true)
        .map(AuthorizationDecision::new);
  }

  private static boolean allows(Object handler, Authentication authentication) {
    Allow allow =
        handler instanceof HandlerMethod method ? method.getMethodAnnotation(Allow.class) : null;
    return allow != null
        && authentication.getPrincipal() instanceof Caller caller
        && caller.mayCall(allow);
  }
}
