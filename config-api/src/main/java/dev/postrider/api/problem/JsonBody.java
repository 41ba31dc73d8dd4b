// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
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

  private static final Pattern QUOTED = Pattern.compile("'(.|null|true|false)'|'[^']{2,}'");

  /** Advice to those who program with it. */
  private static final Pattern OF_JACKSON =
      Pattern.compile("(, from|: enable) `[^`]*`( to allow)?");

  private JsonBody() {}

  /** The object; a 400 when it is something else or nothing. */
  public static ObjectNode object(byte[] body) {
    try {
      JsonNode node = STRICT.readTree(body);
      if (node instanceof ObjectNode object) {
        Violations violations = new Violations();
        refuseUnstorable(object, "", violations);
        violations.refuse();
        return object;
      }
    } catch (JacksonException e) {
      throw malformed(told(e));
    }
    throw malformed("a JSON object is expected");
  }

  /** What was found instead of JSON stands in single quotes, and may be a secret. */
  private static String told(JacksonException e) {
    String what =
        QUOTED
            .matcher(e.getOriginalMessage())
            .replaceAll(found -> found.group(1) == null ? "'…'" : "$0");
    TokenStreamLocation at = e.getLocation();
    return at == null
        ? what
        : "%s (line %d, column %d)".formatted(what, at.getLineNr(), at.getColumnNr());
  }

  /**
   * What JSON can say and PostgreSQL cannot keep: U+0000, half a surrogate pair, and numbers beyond
   * those of IEEE 754.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7493#section-2.1">RFC 7493 §2.1</a>
   */
  private static void refuseUnstorable(JsonNode node, String path, Violations violations) {
    node.forEachEntry(
        (name, value) -> {
          refuseNoText(name, path, "a name in the object " + path, violations);
          refuseUnstorable(value, path.isEmpty() ? name : path + "." + name, violations);
        });
    for (int index = 0; node.isArray() && index < node.size(); index++) {
      refuseUnstorable(node.get(index), path + "[" + index + "]", violations);
    }
    if (node.isString()) {
      refuseNoText(node.stringValue(), path, path, violations);
    } else if (node.isDouble() && !Double.isFinite(node.doubleValue())) {
      violations.add(path, path + " must be at most 1.8e308");
    }
  }

  private static void refuseNoText(String text, String path, String what, Violations violations) {
    if (text.codePoints().anyMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE)) {
      violations.add(path, what.strip() + " must not contain U+0000, nor half of a surrogate pair");
    }
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
    String detail = "the body cannot be read: " + OF_JACKSON.matcher(why).replaceAll("");
    return Problem.of(HttpStatus.BAD_REQUEST, detail)
        .with("errors", List.of(new Violation(field, detail)));
  }
}
