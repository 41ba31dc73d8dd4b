// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.TlsIdentity;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.secret.SecretPlace;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a destination's requests prove themselves with, opened; never printed. */
final class Credentials {

  /** Nothing beside the signature. */
  static final Credentials NONE = new Credentials(null, null);

  private static final String AUTHORIZATION = "Authorization";
  private static final String CLIENT_KEY = "client_key";

  private final @Nullable Header header;
  private final @Nullable TlsIdentity tls;

  private Credentials(@Nullable Header header, @Nullable TlsIdentity tls) {
    this.header = header;
    this.tls = tls;
  }

  /** Fails when a secret does not open, or is not what it should be. */
  static Credentials open(Destination destination, SecretBox box) {
    return new Opening(destination, box).credentials();
  }

  Optional<Header> header() {
    return Optional.ofNullable(header);
  }

  @Nullable TlsIdentity tls() {
    return tls;
  }

  @Override
  public String toString() {
    return "***";
  }

  private record Opening(Destination destination, SecretBox box) {

    Credentials credentials() {
      return new Credentials(header(), tls());
    }

    private @Nullable Header header() {
      return switch (destination.authentication()) {
        case Authentication.None _ -> null;
        case Authentication.Basic(String username, Sealed password) ->
            new Header(AUTHORIZATION, "Basic " + basic(username, open("password", password)));
        case Authentication.Bearer(Sealed token) ->
            new Header(AUTHORIZATION, "Bearer " + open("token", token));
        case Authentication.ApiKey(String name, Sealed value) ->
            new Header(name, open("value", value));
        case Authentication.OAuth2(Sealed token, _) ->
            token == null
                ? null
                : new Header(AUTHORIZATION, "Bearer " + open("access_token", token));
      };
    }

    /** RFC 7617 §2.1. */
    private static String basic(String username, String password) {
      return Base64.getEncoder().encodeToString((username + ":" + password).getBytes(UTF_8));
    }

    private @Nullable TlsIdentity tls() {
      String anchors = destination.tls().trustAnchors();
      String certificate = destination.tls().clientCertificate();
      Sealed key = destination.tls().clientKey();
      if (anchors == null && key == null) {
        return null;
      }
      TlsIdentity trusting =
          TlsIdentity.trusting(anchors == null ? List.of() : TlsIdentity.certificates(anchors));
      return certificate == null || key == null
          ? trusting
          : trusting.showing(certificate, box.open(key, place(CLIENT_KEY)));
    }

    private String open(String name, Sealed sealed) {
      return box.open(sealed, place(name)).revealText();
    }

    private SecretPlace place(String name) {
      return Authentication.placeOf(destination.tenant(), destination.id(), name);
    }
  }
}
