// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.destination.GrantedDestinations.Client;
import dev.postrider.model.egress.Header;
import dev.postrider.model.secret.Secret;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is sent to a token endpoint: what we ask for and who we are, in the form that it wants.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.2">RFC 6749 §3.2</a>
 */
final class TokenRequest {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final List<Header> headers = new ArrayList<>();

  private TokenRequest(AuthorizationGrantType grant) {
    parameters.put(OAuth2ParameterNames.GRANT_TYPE, grant.getValue());
    headers.add(new Header("Accept", "application/json"));
  }

  /** RFC 6749 §4.4.2. */
  static TokenRequest forItself(Client client) {
    TokenRequest request = new TokenRequest(AuthorizationGrantType.CLIENT_CREDENTIALS);
    String scope = client.settings().wanted().scope();
    String audience = client.settings().wanted().audience();
    if (scope != null) {
      request.parameters.put(OAuth2ParameterNames.SCOPE, scope);
    }
    if (audience != null) {
      request.parameters.put("audience", audience);
    }
    return request;
  }

  /** RFC 6749 §4.1.3 and RFC 7636 §4.5. */
  static TokenRequest forCode(String code, String redirectUri, Secret verifier) {
    TokenRequest request = new TokenRequest(AuthorizationGrantType.AUTHORIZATION_CODE);
    request.parameters.put(OAuth2ParameterNames.CODE, code);
    request.parameters.put(OAuth2ParameterNames.REDIRECT_URI, redirectUri);
    request.parameters.put(PkceParameterNames.CODE_VERIFIER, verifier.revealText());
    return request;
  }

  /** RFC 6749 §6: with the scope that was granted, since none is named. */
  static TokenRequest forNext(Secret refreshToken) {
    TokenRequest request = new TokenRequest(AuthorizationGrantType.REFRESH_TOKEN);
    request.parameters.put(OAuth2ParameterNames.REFRESH_TOKEN, refreshToken.revealText());
    return request;
  }

  /** RFC 6749 §2.3.1: by name and password, each encoded like a form. */
  TokenRequest provedBy(ClientAuthenticationMethod method, String id, Secret secret) {
    if (method.equals(ClientAuthenticationMethod.CLIENT_SECRET_POST)) {
      parameters.put(OAuth2ParameterNames.CLIENT_ID, id);
      parameters.put(OAuth2ParameterNames.CLIENT_SECRET, secret.revealText());
    } else {
      String pair = encoded(id) + ":" + encoded(secret.revealText());
      String basic = Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
      headers.add(new Header("Authorization", "Basic " + basic));
    }
    return this;
  }

  /** RFC 7523 §2.2: by a signed assertion. */
  TokenRequest provedBy(String id, String assertion) {
    parameters.put(OAuth2ParameterNames.CLIENT_ID, id);
    parameters.put(
        OAuth2ParameterNames.CLIENT_ASSERTION_TYPE,
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    parameters.put(OAuth2ParameterNames.CLIENT_ASSERTION, assertion);
    return this;
  }

  /** The headers, the type of the body among them. */
  List<Header> headers(boolean json) {
    List<Header> all = new ArrayList<>(headers);
    String type = json ? "application/json" : "application/x-www-form-urlencoded";
    all.add(new Header("Content-Type", type));
    return all;
  }

  byte[] body(boolean json) {
    return json ? JSON.writeValueAsBytes(parameters) : encoded(parameters).getBytes(UTF_8);
  }

  /** RFC 6749 appendix B. */
  static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /** Without what it holds. */
  @Override
  public String toString() {
    return "TokenRequest[" + parameters.get(OAuth2ParameterNames.GRANT_TYPE) + "]";
  }
}
