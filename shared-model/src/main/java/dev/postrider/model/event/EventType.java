// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

/**
 * What kind of thing happened, such as {@code incident.triggered} (CloudEvents 1.0, attribute
 * {@code type}).
 *
 * @param value 1 to 255 ASCII letters, digits and {@code . _ : / -}, beginning with a letter or
 *     digit
 */
public record EventType(String value) {

  private static final int LONGEST = 255;

  /** Refuses what could not stand in a header or a path. */
  public EventType {
    if (!allows(value)) {
      throw new IllegalArgumentException(
          "type must be 1 to 255 letters, digits or ._:/- and begin with a letter or digit: was '"
              + value
              + "'");
    }
  }

  /** Whether a text can be one. */
  public static boolean allows(String value) {
    boolean allowed =
        !value.isEmpty() && value.length() <= LONGEST && Ascii.isLetterOrDigit(value.charAt(0));
    for (int i = 1; allowed && i < value.length(); i++) {
      char c = value.charAt(i);
      allowed = Ascii.isLetterOrDigit(c) || "._:/-".indexOf(c) >= 0;
    }
    return allowed;
  }

  /** Whether it is about Postrider's own work for the tenant; see {@link OperationalEvents}. */
  public boolean operational() {
    return value.startsWith(OperationalEvents.PREFIX);
  }

  @Override
  public String toString() {
    return value;
  }
}
