// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("1994-11-06T08:49:30Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "120 | PT2M",
        "0 | PT0S",
        "999999999999999999 | PT596523H14M7S",
        "Sun, 06 Nov 1994 08:49:37 GMT | PT7S",
        "Sunday, 06-Nov-94 08:49:37 GMT | PT7S",
        "Sun Nov  6 08:49:37 1994 | PT7S"
      })
  void readsSecondsAndTheThreeDates(String value, Duration wait) {
    assertThat(RetryAfter.parse(value, NOW)).contains(wait);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "1.5", "soon", "", "Sun, 06 Nov 1994 08:49:00 GMT", "1e3"})
  void takesAnythingElseForAbsent(String value) {
    assertThat(RetryAfter.parse(value, NOW)).isEmpty();
  }
}
