// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.model.destination.HttpHeader;
import java.util.List;

/**
 * Headers as they are stored and handed out, {@code [{"key":"…","value":"…"}]}. Written by hand:
 * there are two lists of them in every report, and a tree or reflection would cost more than
 * everything else about the row.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259#section-7">RFC 8259 §7</a>
 */
final class HeaderText {

  private final StringBuilder json = new StringBuilder(1024);

  /** Valid until the next call. */
  CharSequence of(List<HttpHeader> headers) {
    json.setLength(0);
    json.append('[');
    for (int i = 0; i < headers.size(); i++) {
      json.append(i == 0 ? "{\"key\":" : ",{\"key\":");
      quote(headers.get(i).key());
      json.append(",\"value\":");
      quote(headers.get(i).value());
      json.append('}');
    }
    return json.append(']');
  }

  private void quote(String text) {
    json.append('"');
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        json.append(text, copied, i);
        escape(c);
        copied = i + 1;
      }
    }
    json.append(text, copied, text.length()).append('"');
  }

  /** Nobody stores a NUL, not even escaped; receivers may send it all the same. */
  private void escape(char c) {
    switch (c) {
      case '\0' -> json.append('\ufffd');
      case '"', '\\' -> json.append('\\').append(c);
      default -> json.append("\\u00").append(c < 0x10 ? '0' : '1').append(hex(c & 0xf));
    }
  }

  private static char hex(int digit) {
    return Character.forDigit(digit, 16);
  }
}
