// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.HeaderSpec;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.header.CrossOriginOpenerPolicyServerHttpHeadersWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.server.header.CrossOriginResourcePolicyServerHttpHeadersWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.server.header.ReferrerPolicyServerHttpHeadersWriter.ReferrerPolicy;
import org.springframework.security.web.server.util.matcher.OrServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;

/**
 * The wall around what is for everybody: reading alone, and without a session of its own. The
 * portal's headers, but for the opener: it comes from an issuer's page, and must still reach the
 * window that has opened it.
 */
@Configuration(proxyBeanMethods = false)
class CallbackSecurity {

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  @Bean
  @Order(0)
  SecurityWebFilterChain oauthCallback(ServerHttpSecurity http) {
    return http.securityMatcher(
            new OrServerWebExchangeMatcher(
                get("/portal/oauth"), get("/portal/oauth.js"), get("/portal/oauth/jwks/*")))
        .authorizeExchange(rules -> rules.anyExchange().permitAll())
        .csrf(ServerHttpSecurity.CsrfSpec::disable)
        .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
        .headers(CallbackSecurity::headers)
        .build();
  }

  private static ServerWebExchangeMatcher get(String path) {
    return new PathPatternParserServerWebExchangeMatcher(path, HttpMethod.GET);
  }

  private static void headers(HeaderSpec headers) {
    headers
        .contentSecurityPolicy(policy -> policy.policyDirectives(POLICY))
        .hsts(hsts -> hsts.includeSubdomains(true).maxAge(Duration.ofDays(365)))
        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
        .crossOriginOpenerPolicy(opener -> opener.policy(CrossOriginOpenerPolicy.UNSAFE_NONE))
        .crossOriginResourcePolicy(
            resource -> resource.policy(CrossOriginResourcePolicy.SAME_ORIGIN))
        .permissionsPolicy(
            permissions -> permissions.policy("camera=(), geolocation=(), microphone=()"));
  }
}
