// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashOrderTest {

  @Test
  void isDueAtTheGivenPassageOfItsPlaceAndNeverAgain() {
    CrashOrder order = CrashOrder.parse("after-sign:2");

    assertThat(order.isDue(CrashPoint.AFTER_SIGN)).isFalse();
    assertThat(order.isDue(CrashPoint.AFTER_POLL)).isFalse();
    assertThat(order.isDue(CrashPoint.AFTER_SIGN)).isTrue();
    assertThat(order.isDue(CrashPoint.AFTER_SIGN)).isFalse();
  }

  @Test
  void isDueAtTheFirstPassageWithoutANumber() {
    assertThat(CrashOrder.parse("before-commit").isDue(CrashPoint.BEFORE_COMMIT)).isTrue();
  }

  @Test
  void ordersNothingUnlessAsked() {
    assertThat(CrashOrder.parse(null)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "after-lunch", "after-sign:0", "after-sign:", "AFTER_SIGN"})
  void refusesAPlaceThatThereIsNotAndNamesAllThatThereAre(String order) {
    assertThatThrownBy(() -> CrashOrder.parse(order))
        .isInstanceOf(UnknownCrashPointException.class)
        .hasMessage(
            "postrider.crash-at is one of after-poll, after-sign, after-response, after-outcome,"
                + " after-park, before-commit, with :n for the n-th passage: was "
                + order);
  }
}
