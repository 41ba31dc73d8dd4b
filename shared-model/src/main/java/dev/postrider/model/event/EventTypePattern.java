// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.util.ArrayList;
import java.util.List;

/**
 * Which types a destination wants: one exact name, everything below a prefix ({@code incident.*}),
 * or all ({@code *}).
 *
 * @param value the pattern as configured
 */
public record EventTypePattern(String value) {

  private static final String ALL = "*";
  private static final String BELOW = ".*";

  /** Every type. */
  public static final EventTypePattern ANY = new EventTypePattern(ALL);

  /** Refuses a star anywhere but alone or after the last dot. */
  public EventTypePattern {
    String name = value.endsWith(BELOW) ? value.substring(0, value.length() - 2) : value;
    if (!value.equals(ALL) && !EventType.ALLOWED.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "an event type is an exact name, 'prefix.*' or '*': was '" + value + "'");
    }
  }

  /** Whether events of this type are wanted. */
  public boolean matches(EventType type) {
    if (value.equals(ALL)) {
      return true;
    }
    return value.endsWith(BELOW)
        ? type.value().startsWith(value.substring(0, value.length() - 1))
        : type.value().equals(value);
  }

  /** Every pattern that can match the type, as text: few, however many there are in all. */
  public static List<String> thatMayMatch(EventType type) {
    List<String> patterns = new ArrayList<>(List.of(ALL, type.value()));
    for (int dot = type.value().indexOf('.'); dot >= 0; dot = type.value().indexOf('.', dot + 1)) {
      patterns.add(type.value().substring(0, dot) + BELOW);
    }
    return patterns;
  }

  @Override
  public String toString() {
    return value;
  }
}
