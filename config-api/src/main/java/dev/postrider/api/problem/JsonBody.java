// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads request bodies: one JSON object, no member twice, at most 64 levels deep. */
public final class JsonBody {

  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonBody() {}

  /** The object; a 400 when it is something else or nothing. */
  public static ObjectNode object(byte[] body) {
    try {
      JsonNode node = STRICT.readTree(body);
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      // What was found instead of JSON stands in single quotes, and may be a secret.
      throw malformed(e.getOriginalMessage().replaceAll("'[^']{2,}'", "'…'"));
    }
    throw malformed("a JSON object is expected");
  }

  /** The same, where the body may be left out. */
  public static ObjectNode objectOrEmpty(byte @Nullable [] body) {
    return body == null || body.length == 0 ? STRICT.createObjectNode() : object(body);
  }

  /** 400: the body is not what its content type says. */
  public static Problem malformed(String why) {
    return malformed("", why);
  }

  /** The same, where it is one member that is not; empty for the whole. */
  public static Problem malformed(String field, String why) {
    String detail = "the body cannot be read: " + why;
    return Problem.of(HttpStatus.BAD_REQUEST, detail)
        .with("errors", List.of(new Violation(field, detail)));
  }
}
