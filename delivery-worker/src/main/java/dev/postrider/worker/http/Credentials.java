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
  static final Credentials NONE = new Credentials(null, null, List.of());

  private static final String AUTHORIZATION = "Authorization";
  private static final String CLIENT_KEY = "client_key";
  private static final String HIDDEN = "***";
  private static final int SHORTEST = 4;

  private final @Nullable Header header;
  private final @Nullable TlsIdentity tls;
  private final List<String> secrets;

  private Credentials(@Nullable Header header, @Nullable TlsIdentity tls, List<String> secrets) {
    this.header = header;
    this.tls = tls;
    this.secrets = secrets;
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

  /**
   * A receiver's answer without what it repeats of the request's credentials, as pages for
   * debugging do; cut off where it ends amid one.
   */
  String hideIn(String answer) {
    String hidden = answer;
    for (String secret : secrets) {
      hidden = withoutBeginning(hidden.replace(secret, HIDDEN), secret);
    }
    return hidden;
  }

  private static String withoutBeginning(String answer, String secret) {
    int longest = Math.min(secret.length() - 1, answer.length());
    for (int length = longest; length >= SHORTEST; length--) {
      int from = answer.length() - length;
      if (answer.regionMatches(from, secret, 0, length)) {
        return answer.substring(0, from) + HIDDEN;
      }
    }
    return answer;
  }

  @Override
  public String toString() {
    return HIDDEN;
  }

  /**
   * The header that proves who we are.
   *
   * @param secrets all that must not be seen of it, in any form in which it may be repeated
   */
  private record Shown(Header header, List<String> secrets) {

    static Shown authorization(String scheme, String... secrets) {
      return new Shown(new Header(AUTHORIZATION, scheme + " " + secrets[0]), List.of(secrets));
    }
  }

  private record Opening(Destination destination, SecretBox box) {

    Credentials credentials() {
      Shown shown = shown();
      return shown == null
          ? new Credentials(null, tls(), List.of())
          : new Credentials(shown.header(), tls(), hideable(shown.secrets()));
    }

    /** A shorter one would be found where nobody has repeated it. */
    private static List<String> hideable(List<String> secrets) {
      return secrets.stream().filter(secret -> secret.length() >= SHORTEST).toList();
    }

    private @Nullable Shown shown() {
      return switch (destination.authentication()) {
        case Authentication.None _ -> null;
        case Authentication.Basic(String username, Sealed sealed) -> {
          String password = open("password", sealed);
          yield Shown.authorization("Basic", basic(username, password), password);
        }
        case Authentication.Bearer(Sealed token) ->
            Shown.authorization("Bearer", open("token", token));
        case Authentication.ApiKey(String name, Sealed sealed) -> {
          String value = open("value", sealed);
          yield new Shown(new Header(name, value), List.of(value));
        }
        case Authentication.OAuth2(Sealed token, _) ->
            token == null ? null : Shown.authorization("Bearer", open("access_token", token));
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
