// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.credential;

import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.TlsSettings;
import dev.postrider.model.secret.Secret;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
  }

  /** The headers that the authentication sets, in lower case: a tenant's own must not. */
  public Set<String> ownHeaders() {
    return switch (kind) {
      case Kind.None _ -> Set.of();
      case Kind.Basic _, Kind.Bearer _ -> Set.of("authorization");
      case Kind.ApiKey(String header) -> Set.of(header.toLowerCase(Locale.ROOT));
    };
  }

  /** As the worker gets it. */
  public Authentication with(Credentials credentials) {
    return switch (kind) {
      case Kind.None _ -> new Authentication.None();
      case Kind.Basic(String username) ->
          new Authentication.Basic(username, credentials.sealed("password"));
      case Kind.Bearer _ -> new Authentication.Bearer(credentials.sealed("token"));
      case Kind.ApiKey(String header) ->
          new Authentication.ApiKey(header, credentials.sealed("value"));
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
