// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import dev.postrider.model.event.EventFilter;
import dev.postrider.model.event.PlatformEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event as filters see it: its attributes, {@code datacontenttype} among them, and the members
 * of its data where that is JSON, which is parsed when the first filter asks for it. For one
 * thread.
 */
public final class FilterSubject implements EventFilter.Subject {

  /** What names of members begin with; no attribute has a dot in its name. */
  public static final String DATA = "data.";

  private final PlatformEvent event;
  private boolean parsed;
  private @Nullable JsonText data;

  /** What filters see of this event. */
  public FilterSubject(PlatformEvent event) {
    this.event = event;
  }

  @Override
  public @Nullable String text(String name) {
    if (name.startsWith(DATA)) {
      return member(name.substring(DATA.length()));
    }
    return name.equals("datacontenttype") ? event.contentType() : event.attribute(name);
  }

  /** Of objects and arrays there is no text. */
  private @Nullable String member(String path) {
    JsonText value = data();
    for (String name : path.split("\\.", -1)) {
      value = value == null || !value.isObject() ? null : value.members().get(name);
    }
    return value == null || value.isObject() || value.isArray() || value.isNull()
        ? null
        : value.text();
  }

  private @Nullable JsonText data() {
    if (!parsed) {
      parsed = true;
      try {
        data = JsonText.parse(event.payload().bytes());
      } catch (MalformedJsonException _) {
        data = null; // it has no members
      }
    }
    return data;
  }
}
