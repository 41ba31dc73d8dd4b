// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.util.regex.Pattern;

/**
 * What kind of thing happened, such as {@code incident.triggered} (CloudEvents 1.0, attribute
 * {@code type}).
 *
 * @param value 1 to 255 ASCII letters, digits and {@code . _ : / -}, beginning with a letter or
 *     digit
 */
public record EventType(String value) {

  static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,254}");

  /** Refuses what could not stand in a header or a path. */
  public EventType {
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "type must be 1 to 255 letters, digits or ._:/- and begin with a letter or digit: was '"
              + value
              + "'");
    }
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
