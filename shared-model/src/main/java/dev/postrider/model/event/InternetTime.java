// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/**
 * Times as others write them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3339#section-5.6">RFC 3339 §5.6</a>
 */
public final class InternetTime {

  // Java alone reads years of nine digits too, which overflow milliseconds and PostgreSQL.
  private static final Pattern FORM =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+-]\\d\\d:\\d\\d)");

  private InternetTime() {}

  /**
   * Reads one, of the years 0000 to 9999 and to the nanosecond.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Instant parse(String text) {
    try {
      if (FORM.matcher(text).matches()) {
        return OffsetDateTime.parse(text).toInstant();
      }
    } catch (DateTimeException _) {
      // such as the 30th of February; said below
    }
    throw new IllegalArgumentException("must be an RFC 3339 time: was '" + text + "'");
  }
}
