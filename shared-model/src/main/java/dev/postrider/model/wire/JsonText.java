// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A piece of JSON (RFC 8259) whose members can be taken out byte for byte, white space and number
 * spelling included. That is what an envelope needs whose data must not be touched.
 *
 * <p>At most 64 levels deep; a member that stands twice is refused.
 */
public final class JsonText {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
          .build();

  private final byte[] utf8;
  private final JsonToken kind;

  private JsonText(byte[] utf8, JsonToken kind) {
    this.utf8 = utf8;
    this.kind = kind;
  }

  /**
   * Reads one JSON value.
   *
   * @throws MalformedJsonException when it is none, or more than one
   */
  public static JsonText parse(byte[] utf8) {
    return reading(
        utf8,
        parser -> {
          JsonToken kind = parser.nextToken();
          if (kind == null) {
            throw new MalformedJsonException("there is no JSON here, only white space");
          }
          Span span = Span.of(parser, kind);
          if (parser.nextToken() != null) {
            throw new MalformedJsonException("there is more behind the end of the JSON");
          }
          return new JsonText(span.of(utf8), kind);
        });
  }

  /** The exact bytes of this value, without the white space around it. */
  public byte[] bytes() {
    return utf8;
  }

  /** Whether it is an object. */
  public boolean isObject() {
    return kind == JsonToken.START_OBJECT;
  }

  /** Whether it is an array. */
  public boolean isArray() {
    return kind == JsonToken.START_ARRAY;
  }

  /** Whether it is a string. */
  public boolean isString() {
    return kind == JsonToken.VALUE_STRING;
  }

  /** Whether it is {@code null}. */
  public boolean isNull() {
    return kind == JsonToken.VALUE_NULL;
  }

  /** A string's characters; of a number, {@code true} or {@code false} the spelling. */
  public String text() {
    return reading(
        utf8,
        parser -> {
          parser.nextToken();
          return parser.getString();
        });
  }

  /** The members of an object, in order. */
  public Map<String, JsonText> members() {
    return reading(
        utf8,
        parser -> {
          Map<String, JsonText> members = new LinkedHashMap<>();
          parser.nextToken();
          for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            members.put(name, next(parser));
          }
          return members;
        });
  }

  /** The elements of an array, in order. */
  public List<JsonText> elements() {
    return reading(
        utf8,
        parser -> {
          List<JsonText> elements = new ArrayList<>();
          parser.nextToken();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonToken kind = parser.currentToken();
            elements.add(new JsonText(Span.of(parser, kind).of(utf8), kind));
          }
          return elements;
        });
  }

  private JsonText next(JsonParser parser) {
    JsonToken kind = parser.nextToken();
    return new JsonText(Span.of(parser, kind).of(utf8), kind);
  }

  private static <T> T reading(byte[] utf8, Reading<T> reading) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
      return reading.of(parser);
    } catch (JacksonException e) {
      throw new MalformedJsonException(e.getOriginalMessage());
    }
  }

  private interface Reading<T> {
    T of(JsonParser parser);
  }

  private record Span(int start, int end) {

    /** Leaves the parser behind the value that begins with its current token. */
    static Span of(JsonParser parser, JsonToken kind) {
      int start = (int) parser.currentTokenLocation().getByteOffset();
      if (kind.isStructStart()) {
        parser.skipChildren();
      } else {
        parser.finishToken();
      }
      return new Span(start, (int) parser.currentLocation().getByteOffset());
    }

    byte[] of(byte[] whole) {
      return start == 0 && end == whole.length ? whole : Arrays.copyOfRange(whole, start, end);
    }
  }
}
