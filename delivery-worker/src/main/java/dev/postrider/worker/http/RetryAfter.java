// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads {@code Retry-After}: a number of seconds or one of the three date forms of HTTP. Anything
 * else, and anything in the past, is as if the header were not there.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110 §10.2.3, §5.6.7</a>
 */
final class RetryAfter {

  private static final Pattern SECONDS = Pattern.compile("\\d+");
  private static final BigInteger MOST = BigInteger.valueOf(Integer.MAX_VALUE);
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private RetryAfter() {}

  /** The wait asked for; never negative, and at most 68 years, which is for others to cap. */
  static Optional<Duration> parse(String value, Instant now) {
    String text = value.strip();
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(Duration.ofSeconds(new BigInteger(text).min(MOST).longValue()));
    }
    return Stream.of(DateTimeFormatter.RFC_1123_DATE_TIME, rfc850(now), ASCTIME)
        .flatMap(form -> date(form, text).stream())
        .findFirst()
        .map(date -> Duration.between(now, date))
        .filter(Duration::isPositive);
  }

  /** §5.6.7: a year of two digits that would lie more than 50 years ahead is one of the past. */
  private static DateTimeFormatter rfc850(Instant now) {
    int earliest = now.atZone(ZoneOffset.UTC).getYear() - 49;
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, earliest)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ENGLISH)
        .withZone(ZoneOffset.UTC);
  }

  private static Optional<Instant> date(DateTimeFormatter form, String text) {
    try {
      return Optional.of(ZonedDateTime.parse(text, form).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
