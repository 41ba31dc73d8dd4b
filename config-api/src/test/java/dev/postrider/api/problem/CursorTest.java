// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
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
  @ValueSource(strings = {"0", "251", "x", "", "-1"})
  void refusesLimitsOutOfBounds(String limit) {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> Cursor.limit(limit))
        .withMessageContaining("from 1 to 250");
  }

  @Test
  void takesFiftyWhereNobodyAsks() {
    assertThat(Cursor.limit(null)).isEqualTo(50);
  }
}
