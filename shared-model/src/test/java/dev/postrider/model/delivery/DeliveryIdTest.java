// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.Payload;
import dev.postrider.model.event.PlatformEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeliveryIdTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final EventId HERE = new EventId(NOON, 3, 42);
  private static final EventId ELSEWHERE = new EventId(NOON.plusSeconds(7200), 1, 7);
  private static final DestinationId DESTINATION = new DestinationId(new UUID(1, 2));
  private static final Map<String, String> EVENT =
      Map.of(
          "specversion",
          "1.0",
          "id",
          "1",
          "source",
          "/a",
          "type",
          "t",
          "tenantid",
          "acme",
          "time",
          "2026-11-21T11:00:00Z");

  @Test
  void isTheSameForTheSameEventWhereverKafkaKeepsIt() {
    assertThat(id(EVENT, HERE)).isEqualTo(id(EVENT, ELSEWHERE));
  }

  @Test
  void isTheSameForTheSameMomentHoweverItIsWritten() {
    assertThat(id(with("time", "2026-11-21T12:00:00.000+01:00"), HERE)).isEqualTo(id(EVENT, HERE));
  }

  @Test
  void differsWithTenantSourceIdAndTime() {
    assertThat(
            java.util.List.of(
                id(EVENT, HERE),
                id(with("tenantid", "globex"), HERE),
                id(with("source", "/b"), HERE),
                id(with("id", "2"), HERE),
                id(with("time", "2026-11-21T11:00:01Z"), HERE)))
        .doesNotHaveDuplicates();
  }

  @Test
  void differsByPositionForEventsWithoutATime() {
    Map<String, String> timeless = new HashMap<>(EVENT);
    timeless.remove("time");

    assertThat(id(timeless, HERE))
        .isEqualTo(id(timeless, HERE))
        .isNotEqualTo(id(timeless, ELSEWHERE));
  }

  @Test
  void carriesTheTimeOfTheEventInFront() {
    assertThat(id(EVENT, HERE).time()).isEqualTo(Instant.parse("2026-11-21T11:00:00Z"));
    assertThat(id(EVENT, HERE).uuid().version()).isEqualTo(7);
  }

  @Test
  void readsItsOwnTextAndNoOther() {
    DeliveryId id = id(EVENT, HERE);

    assertThat(DeliveryId.parse(id.toString())).isEqualTo(id);
    assertThatThrownBy(() -> DeliveryId.parse("dst_" + id.uuid()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DeliveryId.parse("dlv_1-2-3-4-5"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void letsAnEventBeFoundByItsIdAlone() {
    EventId id = new EventId(NOON, 4095, (1L << 62) - 1);

    assertThat(EventId.parse(id.toString())).isEqualTo(id);
  }

  private static DeliveryId id(Map<String, String> attributes, EventId where) {
    PlatformEvent event = new EventDraft(attributes, null, Payload.EMPTY).at(where);
    return DeliveryId.of(event, DESTINATION);
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> changed = new HashMap<>(EVENT);
    changed.put(name, value);
    return changed;
  }
}
