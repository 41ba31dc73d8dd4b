// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.credential;

import dev.postrider.api.credential.AuthenticationSettings.Kind;
import dev.postrider.api.problem.Fields;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Judges the members of {@code auth} that {@code oauth2} has, all but the secret and the URLs. */
final class OAuthReader {

  private static final List<String> GRANTS =
      List.of(
          AuthorizationGrantType.AUTHORIZATION_CODE.getValue(),
          AuthorizationGrantType.CLIENT_CREDENTIALS.getValue());
  private static final List<String> CLIENT_AUTHS =
      List.of(
          ClientAuthenticationMethod.CLIENT_SECRET_BASIC.getValue(),
          ClientAuthenticationMethod.CLIENT_SECRET_POST.getValue(),
          ClientAuthenticationMethod.PRIVATE_KEY_JWT.getValue());
  private static final List<String> FORMATS = List.of("form", "json");
  private static final int LONGEST = 1024;
  private static final int MOST_EXTRA = 20;

  /** RFC 6749 appendix A: of a client id, a scope and whatever else issuers have people type. */
  private static final Pattern VISIBLE = Pattern.compile("[ -~]+");

  /** RFC 6749 appendix A.9. */
  private static final Pattern PARAMETER = Pattern.compile("[-._0-9A-Za-z]{1,64}");

  /** What the authorize URL says by itself; given twice, issuers take either (RFC 6749 §3.1). */
  private static final Set<String> OURS =
      Set.of(
          "response_type",
          "response_mode",
          "client_id",
          "client_secret",
          "redirect_uri",
          "state",
          "scope",
          "audience",
          "code_challenge",
          "code_challenge_method",
          "request",
          "request_uri");

  private final Fields auth;

  private OAuthReader(Fields auth) {
    this.auth = auth;
  }

  static Kind.OAuth2 read(Fields auth) {
    return new OAuthReader(auth).read();
  }

  private Kind.OAuth2 read() {
    String grant = oneOf("grant_type", GRANTS);
    boolean code = grant.equals(AuthorizationGrantType.AUTHORIZATION_CODE.getValue());
    return new Kind.OAuth2(
        new AuthorizationGrantType(grant),
        new Kind.OAuth2.Client(
            visible("client_id", auth.requiredText("client_id")),
            new ClientAuthenticationMethod(oneOf("client_auth", CLIENT_AUTHS))),
        auth.requiredText("token_url"),
        authorizeUrl(code),
        new Kind.OAuth2.Wanted(optional("audience"), optional("scope"), extra(code)),
        oneOf("request_format", FORMATS).equals("json"));
  }

  /** The first of them where there is none, or none of them. */
  private String oneOf(String name, List<String> allowed) {
    String given = auth.oneOf(name, allowed.getFirst(), allowed);
    return allowed.contains(given) ? given : allowed.getFirst();
  }

  private @Nullable String authorizeUrl(boolean code) {
    if (code) {
      return auth.requiredText("authorize_url");
    }
    String url = auth.text("authorize_url", null);
    if (url != null) {
      auth.refuse("authorize_url", "must be absent unless grant_type is authorization_code");
    }
    return null;
  }

  private @Nullable String optional(String name) {
    String text = auth.text(name, null);
    return text == null ? null : visible(name, text);
  }

  private String visible(String name, String text) {
    if (!text.isEmpty() && (text.length() > LONGEST || !VISIBLE.matcher(text).matches())) {
      auth.refuse(name, "must be at most 1024 printable ASCII characters");
    } else if (text.isEmpty() && !name.equals("client_id")) {
      auth.refuse(name, "must be absent rather than empty");
    }
    return text;
  }

  private Map<String, String> extra(boolean code) {
    Map<String, String> extra = new TreeMap<>();
    JsonNode given = auth.take("extra_authorize_params");
    if (given instanceof ObjectNode object && object.size() <= (code ? MOST_EXTRA : 0)) {
      object.properties().forEach(one -> extra(one.getKey(), one.getValue(), extra));
    } else if (given != null) {
      auth.refuse(
          "extra_authorize_params",
          code
              ? "must be an object of at most 20 members"
              : "must be absent unless grant_type is authorization_code");
    }
    ObjectNode normal = JsonNodeFactory.instance.objectNode();
    extra.forEach(normal::put);
    auth.write("extra_authorize_params", normal);
    return extra;
  }

  private void extra(String name, JsonNode value, Map<String, String> extra) {
    String text = value.isString() ? value.stringValue() : "";
    if (!PARAMETER.matcher(name).matches() || OURS.contains(name)) {
      auth.refuse("extra_authorize_params", "must not name a parameter of ours, nor an odd one");
    } else if (text.length() > LONGEST || !VISIBLE.matcher(text).matches()) {
      auth.refuse("extra_authorize_params", "must have 1 to 1024 printable characters a value");
    } else {
      extra.put(name, text);
    }
  }
}
