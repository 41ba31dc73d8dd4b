// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.credential;

import static dev.postrider.api.credential.AuthenticationSettings.CLIENT_KEY;

import dev.postrider.api.credential.AuthenticationSettings.Kind;
import dev.postrider.api.problem.Fields;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.HeaderRules;
import dev.postrider.model.egress.TlsIdentity;
import dev.postrider.model.secret.Secret;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Judges the member {@code auth} of a destination. What it refuses it does not repeat. */
public final class AuthenticationReader {

  private static final List<String> TYPES =
      List.of("none", "basic", "bearer", "api_key", "oauth2", "mtls");
  private static final String CERTIFICATE = "client_certificate";
  private static final int LONGEST = 4096;
  private static final int LONGEST_PEM = 64 * 1024;

  /** RFC 7617 §2: no colon in the name, no control characters anywhere. */
  private static final Pattern USERNAME = Pattern.compile("[^:\\p{Cntrl}]+");

  private static final Pattern PASSWORD = Pattern.compile("\\P{Cntrl}+");

  /** RFC 6750 §2.1, and whatever else a header can hold without a space. */
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");

  private static final Pattern HEADER_VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");

  private final Fields auth;
  private final Held before;
  private final Map<String, Secret> given = new HashMap<>();
  private final Set<String> kept = new HashSet<>();

  private AuthenticationReader(Fields auth, Held before) {
    this.auth = auth;
    this.before = before;
  }

  /**
   * Reads the member.
   *
   * @param before what there is; a secret stays only while what it belongs to does
   */
  public static AuthenticationSettings read(Fields auth, Held before) {
    String type = auth.oneOf("type", "none", TYPES);
    return new AuthenticationReader(auth, before).read(type);
  }

  /** The member as it is stored, and the secrets that belong to it. */
  public record Held(JsonNode auth, Credentials secrets) {

    /** Of a destination that is not there yet. */
    public static final Held NONE =
        new Held(JsonNodeFactory.instance.objectNode(), Credentials.NONE);

    /** Whether the secret of this name may stay, as long as that member has that text. */
    boolean keeps(String name, String member, String text) {
      return secrets.has(name) && auth.path(member).asString("").equals(text);
    }
  }

  private AuthenticationSettings read(String type) {
    Kind kind =
        switch (type) {
          case "basic" -> basic();
          case "bearer" -> bearer();
          case "api_key" -> apiKey();
          case "oauth2" -> oauth2();
          default -> new Kind.None();
        };
    String certificate = certificate(type.equals("mtls"));
    auth.refuseUnknown();
    return new AuthenticationSettings(kind, certificate, given, kept);
  }

  private Kind basic() {
    String username = auth.requiredText("username");
    if (!username.isEmpty() && !USERNAME.matcher(username).matches()) {
      auth.refuse("username", "must have neither a colon nor control characters");
    }
    secret("password", "basic", PASSWORD, "must have no control characters");
    return new Kind.Basic(username);
  }

  private Kind bearer() {
    secret("token", "bearer", TOKEN, "must be printable ASCII without spaces");
    return new Kind.Bearer();
  }

  private Kind apiKey() {
    String header = auth.requiredText("header");
    if (!header.isEmpty()) {
      HeaderRules.refusal(new Header(header, ""), Set.of())
          .ifPresent(rule -> auth.refuse("header", "is refused: " + rule));
    }
    secret(
        "value",
        "api_key",
        HEADER_VALUE,
        "must be printable ASCII, not beginning or ending with a space");
    return new Kind.ApiKey(header);
  }

  /** A secret is of one client; of another it is none. */
  private Kind oauth2() {
    Kind.OAuth2 oauth = OAuthReader.read(auth);
    if (!oauth.client().signs()) {
      boolean keeps = before.keeps("client_secret", "client_id", oauth.client().id());
      Secret secret = secret("client_secret", keeps, LONGEST);
      if (secret != null && !PASSWORD.matcher(secret.revealText()).matches()) {
        auth.refuse("client_secret", "must have no control characters");
      }
    } else if (auth.take("client_secret") != null) {
      auth.refuse("client_secret", "must be absent with client_auth private_key_jwt");
    }
    return oauth;
  }

  private void secret(String name, String type, Pattern form, String rule) {
    Secret secret = secret(name, before.keeps(name, "type", type), LONGEST);
    if (secret != null && !form.matcher(secret.revealText()).matches()) {
      auth.refuse(name, rule);
    }
  }

  /** The given one; null where the one there is stays, and where a broken rule was noted. */
  private @Nullable Secret secret(String name, boolean keeps, int longest) {
    JsonNode value = auth.take(name);
    if (value == null && keeps) {
      kept.add(name);
    } else if (value == null) {
      auth.refuse(name, "is required");
    } else if (!value.isString() || value.stringValue().isEmpty()) {
      auth.refuse(name, "must be a string of at least one character");
    } else if (value.stringValue().length() > longest) {
      auth.refuse(name, "must have at most " + longest + " characters");
    } else {
      given.put(name, Secret.of(value.stringValue()));
    }
    return given.get(name);
  }

  private @Nullable String certificate(boolean required) {
    if (!required && auth.take(CERTIFICATE) == null) {
      if (auth.take(CLIENT_KEY) != null) {
        auth.refuse(CLIENT_KEY, "must be absent without a client_certificate");
      }
      return null;
    }
    String certificate = auth.requiredText(CERTIFICATE);
    boolean keeps = before.keeps(CLIENT_KEY, CERTIFICATE, certificate);
    Secret key = secret(CLIENT_KEY, keeps, LONGEST_PEM);
    if (certificate.isBlank()) {
      return certificate;
    }
    try {
      TlsIdentity.certificates(certificate);
    } catch (IllegalArgumentException e) {
      auth.refuse(CERTIFICATE, String.valueOf(e.getMessage()));
      return certificate;
    }
    if (key != null) {
      refuseUnfit(certificate, key);
    }
    return certificate;
  }

  private void refuseUnfit(String certificate, Secret key) {
    try {
      TlsIdentity.trusting(List.of()).showing(certificate, key);
    } catch (IllegalArgumentException e) {
      auth.refuse(CLIENT_KEY, String.valueOf(e.getMessage()));
    }
  }
}
