// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.access;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authentication.ReactiveAuthenticationManagerResolver;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtReactiveAuthenticationManager;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Tells the two kinds of bearer tokens apart: our own keys, and the issuer's JWTs. */
final class Bearers implements ReactiveAuthenticationManagerResolver<ServerWebExchange> {

  private final ReactiveAuthenticationManager issuer;
  private final KeyHolders keys;

  Bearers(ReactiveJwtDecoder tokens, KeyHolders keys) {
    JwtReactiveAuthenticationManager manager = new JwtReactiveAuthenticationManager(tokens);
    manager.setJwtAuthenticationConverter(
        jwt -> Mono.fromSupplier(() -> CallerToken.of(jwt.getClaims())));
    this.issuer = manager;
    this.keys = keys;
  }

  @Override
  public Mono<ReactiveAuthenticationManager> resolve(ServerWebExchange exchange) {
    String address = address(exchange.getRequest().getRemoteAddress());
    return Mono.just(authentication -> judge(authentication, address));
  }

  private Mono<Authentication> judge(Authentication authentication, String address) {
    return authentication instanceof BearerTokenAuthenticationToken bearer
            && bearer.getToken().startsWith(KeyHolders.PREFIX)
        ? keys.holder(bearer.getToken(), address)
            .<Authentication>map(CallerToken::of)
            .switchIfEmpty(Mono.error(() -> new InvalidBearerTokenException("no such key")))
        : issuer.authenticate(authentication);
  }

  private static String address(@Nullable InetSocketAddress remote) {
    return remote == null || remote.getAddress() == null
        ? "unknown"
        : remote.getAddress().getHostAddress();
  }
}
