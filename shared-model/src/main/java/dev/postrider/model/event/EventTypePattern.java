// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.util.ArrayList;
import java.util.List;

/**
 * Which types a destination wants: one exact name, everything below a prefix ({@code incident.*}),
 * or all ({@code *}).
 *
 * <p>All are all of the platform's: a receiver that takes whatever happens is not surprised by
 * {@linkplain OperationalEvents operational events}. Whoever wants them says so: {@code
 * postrider.*}, {@code postrider.destination.*} or an exact name.
 *
 * @param value the pattern as configured
 */
public record EventTypePattern(String value) {

  private static final String ALL = "*";
  private static final String BELOW = ".*";

  /** Every type but the operational ones. */
  public static final EventTypePattern ANY = new EventTypePattern(ALL);

  /** Refuses a star anywhere but alone or after the last dot. */
  public EventTypePattern {
    String name = value.endsWith(BELOW) ? value.substring(0, value.length() - 2) : value;
    if (!value.equals(ALL) && !EventType.allows(name)) {
      throw new IllegalArgumentException(
          "an event type is an exact name, 'prefix.*' or '*': was '" + value + "'");
    }
  }

  /** Whether events of this type are wanted. */
  public boolean matches(EventType type) {
    if (value.equals(ALL)) {
      return !type.operational();
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
