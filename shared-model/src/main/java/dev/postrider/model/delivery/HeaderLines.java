// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import dev.postrider.model.destination.HttpHeader;
import java.util.List;

/**
 * Headers as they stood in a message, a line each: {@code name: value}. One text from the worker to
 * the database, since every report carries two dozen headers and hardly anybody looks at them.
 *
 * @param text lines, separated by a line feed; empty when there are none
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-5">RFC 9110 §5</a>
 */
public record HeaderLines(String text) {

  /** No headers. */
  public static final HeaderLines NONE = new HeaderLines("");

  private static final String COLON = ": ";

  /** In the order given. */
  public static HeaderLines of(HttpHeader... headers) {
    Writer lines = new Writer();
    for (HttpHeader header : headers) {
      lines.add(header.key(), header.value());
    }
    return lines.written();
  }

  /** In order; what is no header line is left out. */
  public List<HttpHeader> list() {
    return text.lines().filter(line -> line.contains(COLON)).map(HeaderLines::header).toList();
  }

  private static HttpHeader header(String line) {
    int colon = line.indexOf(COLON);
    return new HttpHeader(line.substring(0, colon), line.substring(colon + COLON.length()));
  }

  /** Writes one line after the other. */
  public static final class Writer {

    private final StringBuilder lines = new StringBuilder(512);

    /** A header cannot contain a line feed; should it all the same, it becomes a space. */
    public void add(String name, String value) {
      if (!lines.isEmpty()) {
        lines.append('\n');
      }
      lines.append(name).append(COLON).append(onOneLine(value));
    }

    private static String onOneLine(String value) {
      return value.replace('\n', ' ').replace('\r', ' ');
    }

    /** All lines so far. */
    public HeaderLines written() {
      return lines.isEmpty() ? NONE : new HeaderLines(lines.toString());
    }
  }
}
