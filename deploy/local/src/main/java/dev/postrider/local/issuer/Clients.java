// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.issuer;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/**
 * Who may ask for tokens: a machine client for every role, the portal, Swagger UI, and Postrider
 * itself for what it delivers.
 */
@Configuration(proxyBeanMethods = false)
class Clients {

  private final IssuerProperties properties;

  Clients(IssuerProperties properties) {
    this.properties = properties;
  }

  @Bean
  RegisteredClientRepository registered() {
    var clients = new ArrayList<>(Demo.clients().stream().map(this::machine).toList());
    clients.add(portal());
    clients.add(swagger());
    clients.add(deliveries());
    return new InMemoryRegisteredClientRepository(clients);
  }

  /** For {@code deploy/token}: RFC 6749 §4.4. */
  private RegisteredClient machine(Demo.Identity identity) {
    return confidential(identity.clientId())
        .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
        .build();
  }

  /** For logins to the portal: RFC 6749 §4.1. */
  private RegisteredClient portal() {
    return confidential("portal")
        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
        .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
        .redirectUris(returningTo("/portal/login/oauth2/code/postrider"))
        .postLogoutRedirectUris(returningTo("/portal"))
        .scope(OidcScopes.OPENID)
        .scope(OidcScopes.PROFILE)
        .build();
  }

  /** For a page that can keep no secret: RFC 7636. */
  private RegisteredClient swagger() {
    return client("swagger")
        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
        .clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
        .clientSettings(ClientSettings.builder().requireProofKey(true).build())
        .redirectUris(returningTo("/api/swagger-ui/oauth2-redirect.html"))
        .scope(OidcScopes.OPENID)
        .build();
  }

  /** For destinations with oauth2; strict, in that it takes each refresh token once. */
  private RegisteredClient deliveries() {
    var tokens =
        TokenSettings.builder()
            .accessTokenTimeToLive(properties.tokenLife())
            .reuseRefreshTokens(false)
            .build();
    return confidential("deliveries")
        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
        .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
        .clientSettings(ClientSettings.builder().requireProofKey(true).build())
        .redirectUris(returningTo("/portal/oauth"))
        .tokenSettings(tokens)
        .scope(OidcScopes.PROFILE)
        .build();
  }

  private RegisteredClient.Builder confidential(String id) {
    return client(id).clientSecret("{noop}" + Demo.clientSecret(id));
  }

  private RegisteredClient.Builder client(String id) {
    var tokens = TokenSettings.builder().accessTokenTimeToLive(properties.tokenLife()).build();
    return RegisteredClient.withId(id)
        .clientId(id)
        .clientSettings(ClientSettings.builder().requireProofKey(false).build())
        .tokenSettings(tokens);
  }

  private Consumer<java.util.Set<String>> returningTo(String path) {
    return uris -> origins(properties.publicBaseUrl()).forEach(origin -> uris.add(origin + path));
  }

  /** A browser may have been pointed at either name of this machine. */
  static List<String> origins(URI publicBaseUrl) {
    var asGiven = publicBaseUrl.toString().replaceAll("/+$", "");
    return Stream.of(asGiven, asGiven.replace("//127.0.0.1", "//localhost")).distinct().toList();
  }
}
