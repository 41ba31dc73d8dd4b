// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class OperationalEventsTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void areEventsLikeAnyOther() {
    assertThat(told().violations()).isEmpty();
    assertThat(told().at(new EventId(NOON, 0, 1)).type().operational()).isTrue();
  }

  @Test
  void areOneEventHoweverOftenTheyAreTold() {
    assertThat(told().at(new EventId(NOON, 0, 1)).identity())
        .isEqualTo(told().at(new EventId(NOON.plusSeconds(60), 0, 2)).identity());
  }

  private static EventDraft told() {
    byte[] json = "{}".getBytes(UTF_8);
    return OperationalEvents.of(
        new TenantId("acme"),
        OperationalEvents.Kind.DESTINATION_DISABLED,
        "dst_1-2",
        NOON,
        "dst_1",
        json);
  }
}
