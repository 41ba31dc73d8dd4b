// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.api.problem.Fields;
import dev.postrider.api.problem.Violations;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.event.EventType;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.event.InternetTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which deliveries of a destination are to be sent again.
 *
 * @param since the event's time, inclusive
 * @param until the event's time, exclusive; by default when it was asked for
 * @param types any of these; by default every type
 * @param states any of these, as recorded; by default all
 * @param missing whether also those that were never made, of events that the destination wants now
 * @param document the same in the shape of the API, defaults filled in
 */
record ReplayFilter(
    Instant since,
    Instant until,
    List<EventTypePattern> types,
    Set<DeliveryState> states,
    boolean missing,
    ObjectNode document) {

  private static final String MISSING = "missing";
  private static final int MOST = 100;

  /** Reads a request, or what was stored of one; a 400 names all that is wrong. */
  static ReplayFilter read(ObjectNode body, Instant now) {
    Violations violations = new Violations();
    Fields fields = Fields.of(body, violations);
    Instant since = time(fields, "since", null);
    Instant until = time(fields, "until", now);
    if (since.isAfter(until)) {
      fields.refuse("since", "must be before until, which is now when absent: was " + since);
    }
    List<EventTypePattern> types = types(fields);
    List<String> states = texts(fields, "states");
    Set<DeliveryState> recorded = recorded(fields, states);
    fields.refuseUnknown();
    violations.refuse();
    boolean missing = states.isEmpty() || states.contains(MISSING);
    return new ReplayFilter(since, until, types, recorded, missing, fields.normal());
  }

  private static Instant time(Fields fields, String name, @Nullable Instant fallback) {
    Instant time = fallback;
    String text = fallback == null ? fields.requiredText(name) : fields.text(name, null);
    if (text != null && !text.isBlank()) {
      try {
        time = InternetTime.parse(text);
      } catch (IllegalArgumentException e) {
        fields.refuse(name, String.valueOf(e.getMessage()));
      }
    }
    Instant read = time == null ? Instant.EPOCH : time;
    fields.write(name, JsonNodeFactory.instance.stringNode(read.toString()));
    return read;
  }

  private static List<EventTypePattern> types(Fields fields) {
    List<EventTypePattern> types = new ArrayList<>();
    for (String text : texts(fields, "event_types")) {
      try {
        types.add(new EventTypePattern(text));
      } catch (IllegalArgumentException e) {
        fields.refuse("event_types", String.valueOf(e.getMessage()));
      }
    }
    return types;
  }

  private static Set<DeliveryState> recorded(Fields fields, List<String> states) {
    if (states.isEmpty()) {
      return EnumSet.allOf(DeliveryState.class);
    }
    Set<DeliveryState> recorded = EnumSet.noneOf(DeliveryState.class);
    for (String text : states) {
      try {
        if (!text.equals(MISSING)) {
          recorded.add(DeliveryState.valueOf(text.toUpperCase(Locale.ROOT)));
        }
      } catch (IllegalArgumentException _) {
        fields.refuse("states", "must be states of deliveries, or 'missing': had '" + text + "'");
      }
    }
    return recorded;
  }

  private static List<String> texts(Fields fields, String name) {
    List<String> texts = new ArrayList<>();
    ArrayNode normal = JsonNodeFactory.instance.arrayNode();
    for (JsonNode element : fields.list(name, MOST)) {
      if (element.isString()) {
        texts.add(element.stringValue());
        normal.add(element);
      } else {
        fields.refuse(name, "must be a list of strings: had " + element);
      }
    }
    fields.write(name, normal);
    return texts;
  }

  /** Whether events of this type and time are meant. */
  boolean covers(EventType type, Instant time) {
    boolean asked = types.isEmpty() || types.stream().anyMatch(pattern -> pattern.matches(type));
    return asked && !time.isBefore(since) && time.isBefore(until);
  }
}
