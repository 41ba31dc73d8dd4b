// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.problem.Violations;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventType;
import dev.postrider.model.event.InternetTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.springframework.util.MultiValueMap;

/**
 * Which deliveries are wanted.
 *
 * @param conditions SQL over the columns of {@code deliveries}, each with the value of the one
 *     parameter it names
 */
record DeliveryFilter(Map<String, Parameter> conditions) {

  /** A bound value. */
  record Parameter(String name, Object value) {}

  static DeliveryFilter ofEvent(EventId event) {
    return new DeliveryFilter(
        Map.of("event_id = :event_id", new Parameter("event_id", event.uuid())));
  }

  /** Reads the query parameters; a 400 names all that are not understood. */
  static DeliveryFilter parse(MultiValueMap<String, String> query) {
    Violations violations = new Violations();
    Reading reading = new Reading(query, violations);
    reading.take("destination_id", "destination_id =", text -> DestinationId.parse(text).uuid());
    reading.take("state", "state =", DeliveryFilter::state);
    reading.take("event_type", "event_type =", text -> new EventType(text).value());
    reading.take("event_id", "event_id =", text -> EventId.parse(text).uuid());
    reading.take("since", "created_at >=", InternetTime::parse);
    reading.take("until", "created_at <", InternetTime::parse);
    reading.take("http_status", "last_http_status =", DeliveryFilter::httpStatus);
    violations.refuse();
    return new DeliveryFilter(reading.conditions);
  }

  private static String state(String text) {
    DeliveryState state = DeliveryState.valueOf(text.toUpperCase(Locale.ROOT));
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static Integer httpStatus(String text) {
    int status = Integer.parseInt(text);
    if (status < 100 || status > 599) {
      throw new IllegalArgumentException("RFC 9110 §15 knows 100 to 599");
    }
    return status;
  }

  private record Reading(
      MultiValueMap<String, String> query,
      Violations violations,
      Map<String, Parameter> conditions) {

    Reading(MultiValueMap<String, String> query, Violations violations) {
      this(query, violations, new LinkedHashMap<>());
    }

    void take(String name, String comparison, Function<String, Object> reading) {
      String text = query.getFirst(name);
      if (text == null) {
        return;
      }
      try {
        Object value = reading.apply(text);
        conditions.put(comparison + " :" + name, new Parameter(name, value));
      } catch (IllegalArgumentException _) {
        violations.add(name, name + " is not understood: was '" + text + "'");
      }
    }
  }
}
