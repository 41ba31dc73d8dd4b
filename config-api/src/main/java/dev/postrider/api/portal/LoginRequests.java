// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.portal;

import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.server.DefaultServerOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.server.ServerOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code /portal/login} leads straight to the issuer, with PKCE (RFC 7636). */
final class LoginRequests implements ServerOAuth2AuthorizationRequestResolver {

  static final String PATH = "/portal/login";

  private final DefaultServerOAuth2AuthorizationRequestResolver requests;

  LoginRequests(ReactiveClientRegistrationRepository registrations) {
    this.requests = new DefaultServerOAuth2AuthorizationRequestResolver(registrations);
    requests.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
  }

  @Override
  public Mono<OAuth2AuthorizationRequest> resolve(ServerWebExchange exchange) {
    return exchange.getRequest().getPath().value().equals(PATH)
        ? requests.resolve(exchange, LazyRegistration.ID)
        : Mono.empty();
  }

  @Override
  public Mono<OAuth2AuthorizationRequest> resolve(ServerWebExchange exchange, String registration) {
    return requests.resolve(exchange, registration);
  }
}
