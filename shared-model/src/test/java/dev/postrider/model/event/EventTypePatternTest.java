// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTypePatternTest {

  @ParameterizedTest
  @CsvSource({
    "*, incident.triggered",
    "*, postrider",
    "*, postriders.event",
    "incident.*, incident.triggered",
    "incident.*, incident.a.b",
    "incident.triggered, incident.triggered",
    "postrider.*, postrider.destination.disabled",
    "postrider.destination.*, postrider.destination.disabled",
    "postrider.delivery.failed, postrider.delivery.failed"
  })
  void matches(String pattern, EventType type) {
    assertThat(new EventTypePattern(pattern).matches(type)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "incident.*, incident",
    "incident.*, incidents.triggered",
    "incident, incident.triggered",
    "postrider.destination.*, postrider.delivery.failed"
  })
  void passesOverOtherTypes(String pattern, EventType type) {
    assertThat(new EventTypePattern(pattern).matches(type)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"postrider.destination.disabled", "postrider.delivery.failed"})
  void keepsB20OperationalEventsFromWhoeverWantsAll(EventType type) {
    assertThat(EventTypePattern.ANY.matches(type)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "**", "a*", "*.a", "a.*.b", ".*"})
  void refusesStarsAnywhereElse(String pattern) {
    assertThatThrownBy(() -> new EventTypePattern(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + pattern + "'");
  }
}
