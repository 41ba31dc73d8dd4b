// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.listing.Condition;
import dev.postrider.api.listing.Cursor;
import dev.postrider.api.listing.Page;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventType;
import dev.postrider.model.event.InternetTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Which deliveries are wanted.
 *
 * @param page how many of them, for those who show pages
 * @param conditions all of which must hold
 */
record DeliveryFilter(Page.Wanted page, List<Condition> conditions) {

  private static final List<String> FORMATS = List.of("json", "ndjson", "csv");

  private static final Page.Wanted NEWEST = new Page.Wanted(Cursor.HIGHEST_LIMIT, null);

  static DeliveryFilter ofEvent(EventId event) {
    return new DeliveryFilter(
        NEWEST, List.of(new Condition("event_id = :event_id", "event_id", event.uuid())));
  }

  /**
   * Reads the query parameters; a 400 names all that are not understood. What a partial index is
   * for is said in the SQL once more, without a parameter, or PostgreSQL would not know that the
   * index will do.
   */
  static DeliveryFilter parse(MultiValueMap<String, String> query) {
    Condition.Reading reading = new Condition.Reading(query);
    reading.oneOf("format", FORMATS);
    return parse(query, reading);
  }

  /** The same for a list that has one format only. */
  static DeliveryFilter parsePlain(MultiValueMap<String, String> query) {
    return parse(query, new Condition.Reading(query));
  }

  private static DeliveryFilter parse(
      MultiValueMap<String, String> query, Condition.Reading reading) {
    Page.Wanted page = reading.page();
    reading.take("id", "created_at = :id", text -> DeliveryId.parse(text).time());
    reading.take("id", "id = :id_too", text -> DeliveryId.parse(text).uuid());
    reading.take("destination_id", text -> DestinationId.parse(text).uuid());
    reading.take("state", stateSql(query.getFirst("state")), DeliveryFilter::state);
    reading.take("event_type", text -> new EventType(text).value());
    reading.take("event_id", text -> EventId.parse(text).uuid());
    reading.take("since", "created_at >= :since", InternetTime::parse);
    reading.take("until", "created_at < :until", InternetTime::parse);
    reading.take("http_status", statusSql(query.getFirst("http_status")), DeliveryFilter::status);
    return new DeliveryFilter(page, reading.conditions());
  }

  private static String state(String text) {
    DeliveryState state = DeliveryState.valueOf(text.toUpperCase(Locale.ROOT));
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** Few are in any other state. */
  private static String stateSql(@Nullable String text) {
    boolean rare = !"delivered".equalsIgnoreCase(text);
    return "state = :state" + (rare ? " and state <> 'delivered'" : "");
  }

  private static Integer status(String text) {
    int status = Integer.parseInt(text);
    if (status < 100 || status > 599) {
      throw new IllegalArgumentException("RFC 9110 §15 knows 100 to 599");
    }
    return status;
  }

  /** Most receivers say 200, 202 or 204. */
  private static String statusSql(@Nullable String text) {
    boolean rare = text != null && text.matches("[345]\\d\\d");
    return "last_http_status = :http_status" + (rare ? " and last_http_status >= 300" : "");
  }
}
