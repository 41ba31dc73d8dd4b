// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InternetTimeTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T12:00:00Z,           2026-11-21T12:00:00Z",
    "2026-11-21t12:00:00z,           2026-11-21T12:00:00Z",
    "2026-11-21T12:00:00.5Z,         2026-11-21T12:00:00.500Z",
    "2026-11-21T12:00:00.123456789Z, 2026-11-21T12:00:00.123456789Z",
    "2026-11-21T12:00:00+05:30,      2026-11-21T06:30:00Z",
    "2026-11-21T12:00:00-18:00,      2026-11-22T06:00:00Z",
    "0000-01-01T00:00:00Z,           0000-01-01T00:00:00Z",
    "1969-12-31T23:59:59.75Z,        1969-12-31T23:59:59.750Z",
    "2024-02-29T00:00:00Z,           2024-02-29T00:00:00Z"
  })
  void readsEveryFormOfRfc3339(String text, Instant time) {
    assertThat(InternetTime.parse(text)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2026-11-21",
        "2026-11-21 12:00:00Z",
        "2026-11-21T12:00Z",
        "2026-11-21T12:00:00",
        "2026-11-21T12:00:00.Z",
        "2026-11-21T12:00:00.1234567890Z",
        "2026-11-21T12:00:00Z ",
        "2026-11-21T12:00:00+0530",
        "2026-11-21T12:00:00+05:60",
        "2026-11-21T12:00:00+18:01",
        "2026-11-21T24:00:00Z",
        "2026-11-21T12:60:00Z",
        "2026-11-21T12:00:60Z",
        "2026-02-30T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "+999999999-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "-001-01-01T00:00:00Z",
        "２０２６-11-21T12:00:00Z"
      })
  void refusesAnythingElse(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InternetTime.parse(text))
        .withMessage("must be an RFC 3339 time: was '" + text + "'");
  }

  @Test
  void agreesWithTheJdkOnTimesAtRandom() {
    Random random = new Random(3339);
    for (int i = 0; i < 20_000; i++) {
      ZoneOffset zone = ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60 + 1));
      Instant time =
          Instant.ofEpochSecond(
              random.nextLong(-62_000_000_000L, 253_000_000_000L), random.nextInt(1_000_000_000));
      OffsetDateTime written = time.atOffset(zone);
      if (written.getSecond() != 0 && written.getYear() >= 0) {
        assertThat(InternetTime.parse(written.toString())).isEqualTo(time);
      }
    }
  }
}
