// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON in the form that Python's {@code json.dumps} gives it by default: a space behind commas and
 * colons, nothing but ASCII. Order and numbers stay as they are. One pass, however deep it is.
 *
 * @see <a href="https://docs.python.org/3/library/json.html#json.dumps">json.dumps</a>
 */
public final class PythonJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  private final StringBuilder text = new StringBuilder();
  private boolean behindAValue;

  private PythonJson() {}

  /**
   * The same document in that form.
   *
   * @throws MalformedJsonException when it is none
   */
  public static byte[] dumps(byte[] utf8) {
    PythonJson json = new PythonJson();
    byte[] document = JsonText.parse(utf8).bytes();
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), document)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        json.write(token, parser);
      }
    } catch (JacksonException e) {
      throw new MalformedJsonException(e.getOriginalMessage());
    }
    return json.text.toString().getBytes(US_ASCII);
  }

  private void write(JsonToken token, JsonParser parser) {
    if (behindAValue && !token.isStructEnd()) {
      text.append(", ");
    }
    switch (token) {
      case PROPERTY_NAME -> {
        quoted(parser.currentName());
        text.append(": ");
      }
      case VALUE_STRING -> quoted(parser.getString());
      default -> text.append(parser.getString()); // a bracket, a word, a number as it is spelt
    }
    behindAValue = token.isStructEnd() || token.isScalarValue();
  }

  private void quoted(String string) {
    text.append('"');
    string.chars().forEach(this::character);
    text.append('"');
  }

  private void character(int character) {
    switch (character) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      case '\f' -> text.append("\\f");
      case '\b' -> text.append("\\b");
      default -> {
        if (character >= ' ' && character <= '~') {
          text.append((char) character);
        } else {
          text.append("\\u%04x".formatted(character));
        }
      }
    }
  }
}
