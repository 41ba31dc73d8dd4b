// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetSocketAddress;
import java.time.Duration;
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

/**
 * Tells the two kinds of bearer tokens apart: our own keys, and the issuer's JWTs. A JWT that was
 * verified is good for two seconds, so that who sends thousands costs no signature each.
 */
final class Bearers implements ReactiveAuthenticationManagerResolver<ServerWebExchange> {

  private static final Duration VERIFIED = Duration.ofSeconds(2);
  private static final int MOST = 1_000;

  private final Cache<String, Authentication> verified =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(VERIFIED).build();
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
    if (!(authentication instanceof BearerTokenAuthenticationToken bearer)) {
      return issuer.authenticate(authentication);
    }
    String token = bearer.getToken();
    return token.startsWith(KeyHolders.PREFIX)
        ? keys.holder(token, address)
            .<Authentication>map(CallerToken::of)
            .switchIfEmpty(Mono.error(() -> new InvalidBearerTokenException("no such key")))
        : Mono.justOrEmpty(verified.getIfPresent(token))
            .switchIfEmpty(
                issuer.authenticate(bearer).doOnNext(caller -> verified.put(token, caller)));
  }

  private static String address(@Nullable InetSocketAddress remote) {
    return remote == null || remote.getAddress() == null
        ? "unknown"
        : remote.getAddress().getHostAddress();
  }
}
