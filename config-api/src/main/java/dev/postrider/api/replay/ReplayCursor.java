// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.api.listing.Cursor;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How far a replay has come: first through what was recorded, then through the events. */
sealed interface ReplayCursor {

  /** Behind that delivery; null at the beginning. */
  record Recorded(@Nullable Cursor after) implements ReplayCursor {}

  /**
   * Among the events.
   *
   * @param next by partition: the first offset not looked at
   * @param ends by partition: where to stop
   */
  record Events(Map<Integer, Long> next, Map<Integer, Long> ends) implements ReplayCursor {}

  /** Nothing is left. */
  record End() implements ReplayCursor {}

  /** For the database. */
  default ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (this) {
      case Recorded(Cursor after) -> json.put("after", after == null ? null : after.toString());
      case Events(var next, var ends) -> {
        offsets(next, json.putObject("next"));
        offsets(ends, json.putObject("ends"));
      }
      case End() -> json.put("end", true);
    }
    return json;
  }

  /** What {@link #json} wrote. */
  static ReplayCursor read(JsonNode json) {
    if (json.has("next")) {
      return new Events(offsets(json.get("next")), offsets(json.get("ends")));
    }
    if (json.has("end")) {
      return new End();
    }
    JsonNode after = json.get("after");
    boolean begins = after == null || after.isNull();
    return new Recorded(begins ? null : Cursor.parse(after.stringValue()));
  }

  private static void offsets(Map<Integer, Long> offsets, ObjectNode json) {
    offsets.forEach((partition, offset) -> json.put(partition.toString(), offset));
  }

  private static Map<Integer, Long> offsets(JsonNode json) {
    Map<Integer, Long> offsets = new TreeMap<>();
    json.properties()
        .forEach(one -> offsets.put(Integer.valueOf(one.getKey()), one.getValue().longValue()));
    return offsets;
  }
}
