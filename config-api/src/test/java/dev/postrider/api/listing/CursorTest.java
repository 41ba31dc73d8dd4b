// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.listing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.api.problem.Problem;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

  @Test
  void readsItsOwnTextToTheMicrosecond() {
    Cursor cursor = new Cursor(Instant.parse("2026-11-21T12:00:00.123456Z"), new UUID(1, 2));
    assertThat(Cursor.parse(cursor.toString())).isEqualTo(cursor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1-1-1-1-1", "-1.00000000-0000-0001-0000-000000000002", "1", "x.y"})
  void refusesWhatItWouldNotWriteItself(String text) {
    String cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    assertThatExceptionOfType(Problem.class).isThrownBy(() -> Cursor.parse(cursor));
    assertThatExceptionOfType(Problem.class).isThrownBy(() -> Cursor.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "251", "x", "", "-1", "１", "1,2", "99999999999"})
  void refusesLimitsOutOfBounds(String limit) {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> Page.Wanted.of(limit, null))
        .withMessageContaining("from 1 to 250");
  }

  @Test
  void namesBothThatAreWrong() {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> Page.Wanted.of("0", "x"))
        .withMessageContainingAll("limit must", "cursor must");
  }

  @Test
  void takesFiftyWhereNobodyAsks() {
    assertThat(Page.Wanted.of(null, null).size()).isEqualTo(50);
  }
}
