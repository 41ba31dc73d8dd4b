// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import dev.postrider.model.egress.Response;
import dev.postrider.model.secret.Secret;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a token endpoint has answered; nothing of it is believed before it is judged.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5">RFC 6749 §5</a>
 */
sealed interface TokenAnswer {

  /** Longer than any issuer's, and short enough for a header. */
  int LONGEST_TOKEN = 6 * 1024;

  Duration SHORTEST_LIFE = Duration.ofSeconds(60);
  Duration LONGEST_LIFE = Duration.ofDays(30);

  /**
   * Tokens.
   *
   * @param refresh null where there is none, or none but the one before
   * @param life from now on; null where the issuer does not say
   */
  record Granted(Secret access, @Nullable Secret refresh, @Nullable Duration life)
      implements TokenAnswer {}

  /**
   * The issuer says no, and means it.
   *
   * @param over whether what we have shown is good no longer, so that somebody has to agree again;
   *     else we are not accepted as we are configured
   */
  record Refused(boolean over, String reason) implements TokenAnswer {}

  /** Nothing that says anything about the grant: it is tried again. */
  record Failed(String reason) implements TokenAnswer {}

  /** What the response comes to. */
  static TokenAnswer of(Response response) {
    return new Reading(response).answer();
  }

  /** One response on its way down the ladder. */
  record Reading(Response response) {

    private static final int LONGEST_DESCRIPTION = 200;

    /** RFC 6750 §2.1 and what else stands in a header; no space, no line end. */
    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    /** RFC 6749 §5.2: the errors that asking again does not mend. */
    private static final Set<String> FINAL =
        Set.of(
            OAuth2ErrorCodes.INVALID_GRANT,
            OAuth2ErrorCodes.INVALID_CLIENT,
            OAuth2ErrorCodes.INVALID_REQUEST,
            OAuth2ErrorCodes.INVALID_SCOPE,
            OAuth2ErrorCodes.UNAUTHORIZED_CLIENT,
            OAuth2ErrorCodes.UNSUPPORTED_GRANT_TYPE,
            OAuth2ErrorCodes.ACCESS_DENIED);

    private static final JsonMapper JSON =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(16).build())
                    .build())
            .build();

    TokenAnswer answer() {
      int status = response.status();
      JsonNode body = body();
      if (status / 100 == 4 && status != 429 && body != null) {
        String error = text(body, OAuth2ParameterNames.ERROR);
        if (error != null && FINAL.contains(error)) {
          return refused(body, error);
        }
      }
      if (status / 100 != 2) {
        return new Failed("the token endpoint answered " + status);
      }
      return body == null
          ? new Failed("the token endpoint's answer is no JSON object of at most 64 KiB")
          : granted(body);
    }

    private @Nullable JsonNode body() {
      if (response.truncated()) {
        return null;
      }
      try {
        JsonNode body = JSON.readTree(response.excerpt());
        return body != null && body.isObject() ? body : null;
      } catch (JacksonException _) {
        return null;
      }
    }

    private static TokenAnswer refused(JsonNode body, String error) {
      String said = text(body, OAuth2ParameterNames.ERROR_DESCRIPTION);
      String reason = "the issuer answered " + error + (said == null ? "" : ": " + plain(said));
      return new Refused(error.equals(OAuth2ErrorCodes.INVALID_GRANT), reason);
    }

    /** RFC 6749 §5.1; what is missing or odd is the issuer's fault, and may pass. */
    private static TokenAnswer granted(JsonNode body) {
      String type = text(body, OAuth2ParameterNames.TOKEN_TYPE);
      String access = text(body, OAuth2ParameterNames.ACCESS_TOKEN);
      String refresh = text(body, OAuth2ParameterNames.REFRESH_TOKEN);
      if (type == null || !type.equalsIgnoreCase(TokenType.BEARER.getValue())) {
        return new Failed("the token endpoint's token_type is not bearer");
      }
      if (access == null || access.length() > LONGEST_TOKEN || !TOKEN.matcher(access).matches()) {
        return new Failed("the token endpoint's access_token cannot stand in a header");
      }
      return new Granted(
          Secret.of(access),
          refresh == null || refresh.isEmpty() ? null : Secret.of(refresh),
          life(body.path(OAuth2ParameterNames.EXPIRES_IN)));
    }

    /** Some issuers write it as text; what is out of bounds is taken to the nearest of them. */
    private static @Nullable Duration life(JsonNode given) {
      String text = given.asString("").strip();
      if (!text.matches("-?\\d{1,18}(\\.\\d+)?")) {
        return null;
      }
      long seconds = Long.parseLong(text.replaceAll("\\..*", ""));
      long least = SHORTEST_LIFE.toSeconds();
      return Duration.ofSeconds(Math.clamp(seconds, least, LONGEST_LIFE.toSeconds()));
    }

    private static @Nullable String text(JsonNode body, String name) {
      JsonNode value = body.path(name);
      return value.isString() ? value.stringValue() : null;
    }

    /** Of what somebody else has written, what can stand in a sentence and in a log. */
    static String plain(String said) {
      String clean = said.replaceAll("[^ -~]", " ").strip();
      return clean.length() <= LONGEST_DESCRIPTION
          ? clean
          : clean.substring(0, LONGEST_DESCRIPTION) + "...";
    }
  }
}
