// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.credential;

import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.TlsSettings;
import dev.postrider.model.secret.Secret;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;

/**
 * How a destination authenticates, judged.
 *
 * @param kind what goes into the request
 * @param clientCertificate PEM, shown to receivers that ask for one; null for none
 * @param given new secrets, by field
 * @param kept fields whose secret stays what it is
 */
public record AuthenticationSettings(
    Kind kind, @Nullable String clientCertificate, Map<String, Secret> given, Set<String> kept) {

  static final String CLIENT_KEY = "client_key";

  /** Copies what was gathered. */
  public AuthenticationSettings {
    given = Map.copyOf(given);
    kept = Set.copyOf(kept);
  }

  /** What goes into the request, but for the secrets. */
  public sealed interface Kind {

    /** Nothing; a client certificate may stand for itself. */
    record None() implements Kind {}

    /** RFC 7617. */
    record Basic(String username) implements Kind {}

    /** RFC 6750 §2.1. */
    record Bearer() implements Kind {}

    /** A header of the receiver's choice. */
    record ApiKey(String header) implements Kind {}

    /**
     * RFC 6749: a token that an issuer gives us, and gives us anew.
     *
     * @param grant authorization_code (§4.1) or client_credentials (§4.4)
     * @param authorizeUrl where people agree; there if and only if they have to
     * @param json whether the token endpoint wants JSON, which the RFC does not know
     */
    record OAuth2(
        AuthorizationGrantType grant,
        Client client,
        String tokenUrl,
        @Nullable String authorizeUrl,
        Wanted wanted,
        boolean json)
        implements Kind {

      /** Who we are there, and how we prove it (§2.3). */
      public record Client(String id, ClientAuthenticationMethod method) {

        /** Whether we sign with a key of our own instead of showing a secret (RFC 7523 §2.2). */
        public boolean signs() {
          return method.equals(ClientAuthenticationMethod.PRIVATE_KEY_JWT);
        }
      }

      /**
       * What we ask for.
       *
       * @param extra further parameters of the authorize URL
       */
      public record Wanted(
          @Nullable String audience, @Nullable String scope, Map<String, String> extra) {

        /** Copies the parameters, in the order of their names. */
        public Wanted {
          extra = Collections.unmodifiableSortedMap(new TreeMap<>(extra));
        }
      }

      /** Whether a person has to agree. */
      public boolean needsConsent() {
        return grant.equals(AuthorizationGrantType.AUTHORIZATION_CODE);
      }
    }
  }

  /** URLs that a tenant can aim, by field. */
  public Map<String, String> urls() {
    Map<String, String> urls = new LinkedHashMap<>();
    if (kind instanceof Kind.OAuth2 oauth) {
      urls.put("token_url", oauth.tokenUrl());
      if (oauth.authorizeUrl() != null) {
        urls.put("authorize_url", oauth.authorizeUrl());
      }
    }
    return urls;
  }

  /** The headers that the authentication sets, in lower case: a tenant's own must not. */
  public Set<String> ownHeaders() {
    return switch (kind) {
      case Kind.None _ -> Set.of();
      case Kind.Basic _, Kind.Bearer _, Kind.OAuth2 _ -> Set.of("authorization");
      case Kind.ApiKey(String header) -> Set.of(header.toLowerCase(Locale.ROOT));
    };
  }

  /**
   * As the worker gets it.
   *
   * @param token what the issuer has given us, if anything and if it is an issuer that gives it
   */
  public Authentication with(Credentials credentials, Authentication.@Nullable OAuth2 token) {
    return switch (kind) {
      case Kind.None _ -> new Authentication.None();
      case Kind.Basic(String username) ->
          new Authentication.Basic(username, credentials.sealed("password"));
      case Kind.Bearer _ -> new Authentication.Bearer(credentials.sealed("token"));
      case Kind.ApiKey(String header) ->
          new Authentication.ApiKey(header, credentials.sealed("value"));
      case Kind.OAuth2 _ -> token == null ? new Authentication.OAuth2(null, null) : token;
    };
  }

  /**
   * As the worker gets it.
   *
   * @param anchors PEM certificates that are trusted for this destination; null for the usual only
   */
  public TlsSettings tls(@Nullable String anchors, Credentials credentials) {
    return new TlsSettings(
        anchors,
        clientCertificate,
        clientCertificate == null ? null : credentials.sealed(CLIENT_KEY));
  }
}
