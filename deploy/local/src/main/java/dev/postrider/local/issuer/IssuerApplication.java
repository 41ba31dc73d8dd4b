// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.issuer;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.postrider.local.issuer.Demo.Identity;
import java.io.IOException;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/** Spring Authorization Server with the demo users and clients. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(IssuerProperties.class)
class IssuerApplication {

  static void main(String[] arguments) {
    var application = new SpringApplication(IssuerApplication.class);
    application.setDefaultProperties(
        Map.of(
            "server.address", "127.0.0.1",
            "server.shutdown", "immediate",
            "spring.main.banner-mode", "off",
            "spring.application.name", "issuer"));
    application.run(arguments);
  }

  @Bean
  AuthorizationServerSettings settings(IssuerProperties properties) {
    return AuthorizationServerSettings.builder().issuer(properties.issuer()).build();
  }

  @Bean
  JWKSource<SecurityContext> keys(IssuerProperties properties)
      throws IOException, JOSEException, ParseException {
    return new ImmutableJWKSet<>(new JWKSet(SigningKey.keptIn(properties.issuerKeyFile())));
  }

  @Bean
  UserDetailsService users() {
    return new InMemoryUserDetailsManager(Demo.users().stream().map(this::user).toList());
  }

  private UserDetails user(Identity identity) {
    return User.withUsername(identity.username())
        .password("{noop}" + identity.role().person())
        .roles(identity.role().name())
        .build();
  }

  /** The claims that config-api goes by: {@code roles}, and {@code tenant} for all but one role. */
  @Bean
  OAuth2TokenCustomizer<JwtEncodingContext> claims() {
    return context -> {
      var identity = identity(context);
      identity.claimedTenant().ifPresent(tenant -> context.getClaims().claim("tenant", tenant));
      context.getClaims().claim("roles", List.of(identity.role().claim()));
    };
  }

  private static Identity identity(JwtEncodingContext context) {
    return AuthorizationGrantType.CLIENT_CREDENTIALS.equals(context.getAuthorizationGrantType())
        ? Identity.parse(context.getRegisteredClient().getClientId())
        : Identity.ofUser(requireNonNull(context.<Authentication>getPrincipal()).getName());
  }

  /**
   * Swagger UI fetches its token from a page of config-api. Spring Security looks for a bean of
   * this very type and name.
   */
  @Bean
  UrlBasedCorsConfigurationSource corsConfigurationSource(IssuerProperties properties) {
    var configuration = new CorsConfiguration();
    configuration.setAllowedOrigins(Clients.origins(properties.publicBaseUrl()));
    configuration.setAllowedMethods(List.of("GET", "POST"));
    configuration.setAllowedHeaders(List.of(CorsConfiguration.ALL));
    var source = new UrlBasedCorsConfigurationSource();
    source.registerCorsConfiguration("/oauth2/**", configuration);
    source.registerCorsConfiguration("/.well-known/**", configuration);
    return source;
  }
}
