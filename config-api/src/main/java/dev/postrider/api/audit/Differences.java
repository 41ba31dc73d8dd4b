// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What changed between two states of a resource, field by field, with header values hidden. */
final class Differences {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Differences() {}

  static ArrayNode between(@Nullable JsonNode before, @Nullable JsonNode after) {
    ArrayNode changes = JSON.arrayNode();
    for (String field : fields(before, after)) {
      JsonNode was = before == null ? null : before.get(field);
      JsonNode is = after == null ? null : after.get(field);
      if (!Objects.equals(was, is)) {
        ObjectNode change = changes.addObject().put("field", field);
        change.set("before", redacted(field, was));
        change.set("after", redacted(field, is));
      }
    }
    return changes;
  }

  private static Set<String> fields(@Nullable JsonNode before, @Nullable JsonNode after) {
    Set<String> fields = new LinkedHashSet<>();
    if (before != null) {
      fields.addAll(before.propertyNames());
    }
    if (after != null) {
      fields.addAll(after.propertyNames());
    }
    return fields;
  }

  /** Header values may be credentials of the receiver. */
  private static JsonNode redacted(String field, @Nullable JsonNode value) {
    if (value == null) {
      return JSON.nullNode();
    }
    if (!field.equals("headers")) {
      return value;
    }
    JsonNode copy = value.deepCopy();
    copy.forEach(header -> ((ObjectNode) header).put("value", "***"));
    return copy;
  }
}
