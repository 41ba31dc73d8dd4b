// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Iterator;
import java.util.Map;

/**
 * JSON in the form that Python's {@code json.dumps} gives it by default: a space behind commas and
 * colons, nothing but ASCII. Order and numbers stay as they are.
 *
 * @see <a href="https://docs.python.org/3/library/json.html#json.dumps">json.dumps</a>
 */
public final class PythonJson {

  private final StringBuilder text = new StringBuilder();

  private PythonJson() {}

  /**
   * The same document in that form.
   *
   * @throws MalformedJsonException when it is none
   */
  public static byte[] dumps(byte[] utf8) {
    PythonJson json = new PythonJson();
    json.write(JsonText.parse(utf8));
    return json.text.toString().getBytes(US_ASCII);
  }

  private void write(JsonText value) {
    if (value.isObject()) {
      members(value.members().entrySet().iterator());
    } else if (value.isArray()) {
      elements(value.elements().iterator());
    } else if (value.isString()) {
      quoted(value.text());
    } else {
      text.append(new String(value.bytes(), US_ASCII));
    }
  }

  private void members(Iterator<Map.Entry<String, JsonText>> members) {
    text.append('{');
    while (members.hasNext()) {
      Map.Entry<String, JsonText> member = members.next();
      quoted(member.getKey());
      text.append(": ");
      write(member.getValue());
      text.append(members.hasNext() ? ", " : "");
    }
    text.append('}');
  }

  private void elements(Iterator<JsonText> elements) {
    text.append('[');
    while (elements.hasNext()) {
      write(elements.next());
      text.append(elements.hasNext() ? ", " : "");
    }
    text.append(']');
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
