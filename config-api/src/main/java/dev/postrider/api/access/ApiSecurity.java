// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.access;

import dev.postrider.api.problem.ProblemAnswers;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.CsrfSpec;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoders;
import org.springframework.security.oauth2.jwt.SupplierReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The wall around {@code /api/v1}: a bearer token or an API key, never a cookie, so that there is
 * nothing a foreign page could ride on (hence no CSRF token either).
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
class ApiSecurity {

  /** Asks the issuer for its keys at the first token, so that the service starts without it. */
  @Bean
  @ConditionalOnMissingBean
  ReactiveJwtDecoder tokens(AccessSettings settings) {
    String issuer = settings.issuer().toString();
    return new SupplierReactiveJwtDecoder(() -> ReactiveJwtDecoders.fromIssuerLocation(issuer));
  }

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  SecurityWebFilterChain api(
      ServerHttpSecurity http,
      @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping handlers,
      ProblemAnswers problems,
      ReactiveJwtDecoder tokens,
      KeyHolders keys,
      Turnstile turnstile) {
    return http.securityMatcher(new PathPatternParserServerWebExchangeMatcher("/api/v1/**"))
        .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
        // To look for a request that was kept until after a login would make a session for each.
        .requestCache(cache -> cache.requestCache(NoOpServerRequestCache.getInstance()))
        .csrf(CsrfSpec::disable)
        .addFilterBefore(
            (exchange, chain) -> passed(turnstile, exchange).then(chain.filter(exchange)),
            SecurityWebFiltersOrder.AUTHORIZATION)
        .authorizeExchange(rules -> rules.anyExchange().access(new HandlerRoles(handlers)))
        .oauth2ResourceServer(
            server ->
                server
                    .authenticationManagerResolver(new Bearers(tokens, keys))
                    .authenticationEntryPoint(problems)
                    .accessDeniedHandler(problems))
        .exceptionHandling(
            refusals -> refusals.authenticationEntryPoint(problems).accessDeniedHandler(problems))
        .build();
  }

  private static Mono<Void> passed(Turnstile turnstile, ServerWebExchange exchange) {
    return ReactiveSecurityContextHolder.getContext()
        .mapNotNull(SecurityContext::getAuthentication)
        .mapNotNull(Authentication::getPrincipal)
        .ofType(Caller.class)
        .flatMap(caller -> turnstile.pass(caller, exchange));
  }
}
