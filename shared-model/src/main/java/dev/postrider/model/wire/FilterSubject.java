// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import dev.postrider.model.event.EventFilter;
import dev.postrider.model.event.PlatformEvent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as filters see it: its attributes, {@code datacontenttype} among them, and the members
 * of its data where that is JSON. An object is taken apart when the first filter asks for a member
 * of it, and once, however many ask. For one thread.
 */
public final class FilterSubject implements EventFilter.Subject {

  /** What names of members begin with; no attribute has a dot in its name. */
  public static final String DATA = "data.";

  private final PlatformEvent event;
  private final Map<String, Map<String, JsonText>> objects = new HashMap<>();

  /** What filters see of this event. */
  public FilterSubject(PlatformEvent event) {
    this.event = event;
  }

  @Override
  public @Nullable String text(String name) {
    if (name.startsWith(DATA)) {
      JsonText value = member(name);
      return value == null || value.isObject() || value.isArray() || value.isNull()
          ? null
          : value.text();
    }
    return name.equals("datacontenttype") ? event.contentType() : event.attribute(name);
  }

  /** {@code data.a.b} is the member b of the object {@code data.a}. */
  private @Nullable JsonText member(String path) {
    int dot = path.lastIndexOf('.');
    String parent = path.substring(0, dot);
    Map<String, JsonText> members = objects.get(parent);
    if (members == null) {
      JsonText object = parent.indexOf('.') < 0 ? data() : member(parent);
      members = object != null && object.isObject() ? object.members() : Map.of();
      objects.put(parent, members);
    }
    return members.get(path.substring(dot + 1));
  }

  /** What is no JSON has no members. */
  private @Nullable JsonText data() {
    try {
      return JsonText.parse(event.payload().bytes());
    } catch (MalformedJsonException _) {
      return null;
    }
  }
}
