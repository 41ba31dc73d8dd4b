// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Times as others write them.
 *
 * <p>Read by hand: each event brings one, and the JDK's formatters cost more than all the rest that
 * is done with an event's attributes.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3339#section-5.6">RFC 3339 §5.6</a>
 */
public final class InternetTime {

  private static final int SECONDS_OF_DAY = 86_400;
  private static final int DIGITS_OF_NANOSECOND = 9;
  private static final int LATEST_OFFSET = 18 * 3600;

  private final String text;
  private int at;

  private InternetTime(String text) {
    this.text = text;
  }

  /**
   * Reads one, of the years 0000 to 9999 and to the nanosecond.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Instant parse(String text) {
    try {
      return new InternetTime(text).read();
    } catch (DateTimeException | IndexOutOfBoundsException _) {
      throw new IllegalArgumentException("must be an RFC 3339 time: was '" + text + "'");
    }
  }

  private Instant read() {
    int year = number(4);
    expect('-');
    int month = number(2);
    expect('-');
    LocalDate day = LocalDate.of(year, month, number(2));
    expectEither('T', 't');
    int second = timeOfDay();
    int nanos = text.charAt(at) == '.' ? fraction() : 0;
    long local = day.toEpochDay() * SECONDS_OF_DAY + second;
    Instant time = Instant.ofEpochSecond(local - offset(), nanos);
    if (at != text.length()) {
      throw new DateTimeException("there is more behind it");
    }
    return time;
  }

  /** A leap second is refused, as by the JDK, which has no place for one. */
  private int timeOfDay() {
    int hour = upTo(23);
    expect(':');
    int minute = upTo(59);
    expect(':');
    return hour * 3600 + minute * 60 + upTo(59);
  }

  private int fraction() {
    at++;
    int nanos = 0;
    int digits = 0;
    for (; Ascii.isDigit(text.charAt(at)); at++, digits++) {
      nanos = nanos * 10 + text.charAt(at) - '0';
      if (digits == DIGITS_OF_NANOSECOND) {
        throw new DateTimeException("finer than a nanosecond");
      }
    }
    if (digits == 0) {
      throw new DateTimeException("a fraction of no digits");
    }
    for (; digits < DIGITS_OF_NANOSECOND; digits++) {
      nanos *= 10;
    }
    return nanos;
  }

  /** East of Greenwich, in seconds. */
  private int offset() {
    char sign = text.charAt(at++);
    if (sign == 'Z' || sign == 'z') {
      return 0;
    }
    if (sign != '+' && sign != '-') {
      throw new DateTimeException("no offset");
    }
    int hours = number(2);
    expect(':');
    int offset = hours * 3600 + upTo(59) * 60;
    if (offset > LATEST_OFFSET) {
      throw new DateTimeException("no such offset");
    }
    return sign == '+' ? offset : -offset;
  }

  private int upTo(int most) {
    int number = number(2);
    if (number > most) {
      throw new DateTimeException("out of range");
    }
    return number;
  }

  private int number(int digits) {
    int number = 0;
    for (int end = at + digits; at < end; at++) {
      char digit = text.charAt(at);
      if (!Ascii.isDigit(digit)) {
        throw new DateTimeException("no digit");
      }
      number = number * 10 + digit - '0';
    }
    return number;
  }

  private void expect(char c) {
    expectEither(c, c);
  }

  private void expectEither(char one, char other) {
    char found = text.charAt(at++);
    if (found != one && found != other) {
      throw new DateTimeException("out of form");
    }
  }
}
