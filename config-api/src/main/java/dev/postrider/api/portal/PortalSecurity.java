// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.portal;

import dev.postrider.api.problem.Problem;
import dev.postrider.api.problem.ProblemAnswers;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.HeaderSpec;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.RedirectServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authentication.RedirectServerAuthenticationSuccessHandler;
import org.springframework.security.web.server.header.CrossOriginOpenerPolicyServerHttpHeadersWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.server.header.CrossOriginResourcePolicyServerHttpHeadersWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.server.header.ReferrerPolicyServerHttpHeadersWriter.ReferrerPolicy;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.web.server.session.CookieWebSessionIdResolver;
import org.springframework.web.server.session.WebSessionIdResolver;

/**
 * The portal's own wall: a session that begins with a login at the issuer. The API's wall stands
 * apart and accepts no cookie.
 */
@Configuration(proxyBeanMethods = false)
class PortalSecurity {

  private static final Logger LOG = LoggerFactory.getLogger(PortalSecurity.class);
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  private static final String[] PUBLIC = {
    "/",
    "/api/openapi.json/**",
    "/asyncapi.yaml",
    "/api/docs/**",
    "/api/swagger-ui/**",
    "/api/webjars/**",
    "/webjars/**",
    "/actuator/**"
  };
  private static final String HOME = "/portal/configuration/integrations";

  @Bean
  ReactiveClientRegistrationRepository registrations(PortalSettings settings) {
    return new LazyRegistration(settings);
  }

  /** Behind https nobody else can set it; plain http is for one's own machine only. */
  @Bean
  WebSessionIdResolver webSessionIdResolver(PortalSettings settings) {
    CookieWebSessionIdResolver cookies = new CookieWebSessionIdResolver();
    cookies.setCookieName(
        settings.behindHttps() ? "__Host-postrider-session" : "postrider-session");
    cookies.setCookieMaxAge(Duration.ofHours(8));
    cookies.addCookieInitializer(
        cookie -> cookie.sameSite("Lax").httpOnly(true).secure(settings.behindHttps()));
    return cookies;
  }

  @Bean
  @Order(1)
  SecurityWebFilterChain portal(
      ServerHttpSecurity http,
      ReactiveClientRegistrationRepository registrations,
      ProblemAnswers problems) {
    return http.securityMatcher(new PathPatternParserServerWebExchangeMatcher("/portal/**"))
        .authorizeExchange(
            rules ->
                rules.pathMatchers("/portal/portal.css").permitAll().anyExchange().authenticated())
        .oauth2Login(
            login ->
                login
                    .loginPage(LoginRequests.PATH)
                    .authenticationMatcher(
                        new PathPatternParserServerWebExchangeMatcher(
                            "/portal/login/oauth2/code/{registrationId}"))
                    .authorizationRequestResolver(new LoginRequests(registrations))
                    .authenticationFailureHandler(
                        (failed, e) -> problems.handle(failed.getExchange(), refused(e)))
                    .authenticationSuccessHandler(
                        new RedirectServerAuthenticationSuccessHandler(HOME)))
        .exceptionHandling(
            refusals ->
                refusals.authenticationEntryPoint(
                    new RedirectServerAuthenticationEntryPoint(LoginRequests.PATH)))
        .headers(PortalSecurity::headers)
        .build();
  }

  /** Why is for the operator; whoever logs in can only begin again. */
  private static Problem refused(AuthenticationException e) {
    LOG.warn("a login did not succeed: {}", e.toString());
    return Problem.of(
        HttpStatus.UNAUTHORIZED, "the login did not succeed; begin again at " + LoginRequests.PATH);
  }

  /**
   * The descriptions of the API and of the topics are for everybody; whatever else there is, for
   * nobody.
   */
  @Bean
  @Order(2)
  SecurityWebFilterChain everythingElse(
      ServerHttpSecurity http, ProblemAnswers problems, Environment environment) {
    return http.authorizeExchange(
            rules ->
                rules
                    .pathMatchers(HttpMethod.GET, PUBLIC)
                    .permitAll()
                    .pathMatchers(HttpMethod.HEAD, PUBLIC)
                    .permitAll()
                    .matchers(logLevels(environment))
                    .permitAll()
                    .anyExchange()
                    .denyAll())
        .csrf(ServerHttpSecurity.CsrfSpec::disable)
        .exceptionHandling(
            refusals -> refusals.authenticationEntryPoint(problems).accessDeniedHandler(problems))
        .build();
  }

  /** Operators' own, if they have a port of their own; on the one for all they may not be set. */
  private static ServerWebExchangeMatcher logLevels(Environment environment) {
    return ManagementPortType.get(environment) == ManagementPortType.DIFFERENT
        ? new PathPatternParserServerWebExchangeMatcher("/actuator/loggers/**", HttpMethod.POST)
        : _ -> ServerWebExchangeMatcher.MatchResult.notMatch();
  }

  private static void headers(HeaderSpec headers) {
    headers
        .contentSecurityPolicy(policy -> policy.policyDirectives(POLICY))
        .hsts(hsts -> hsts.includeSubdomains(true).maxAge(Duration.ofDays(365)))
        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
        .crossOriginOpenerPolicy(opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
        .crossOriginResourcePolicy(
            resource -> resource.policy(CrossOriginResourcePolicy.SAME_ORIGIN))
        .permissionsPolicy(
            permissions -> permissions.policy("camera=(), geolocation=(), microphone=()"));
  }
}
