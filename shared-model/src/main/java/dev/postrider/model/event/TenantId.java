// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

/**
 * The owner of events and destinations, and the wall between them.
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens, as in a DNS label
 */
public record TenantId(String value) {

  private static final int LONGEST = 63;

  /** Refuses anything that is not a DNS label in lower case. */
  public TenantId {
    if (!allows(value)) {
      throw new IllegalArgumentException(
          "tenant must be 1 to 63 lower-case letters, digits or inner hyphens: was '"
              + value
              + "'");
    }
  }

  /** Whether a text can be one. */
  public static boolean allows(String value) {
    int last = value.length() - 1;
    boolean allowed =
        last >= 0 && last < LONGEST && value.charAt(0) != '-' && value.charAt(last) != '-';
    for (int i = 0; allowed && i <= last; i++) {
      char c = value.charAt(i);
      allowed = Ascii.isLowerCase(c) || Ascii.isDigit(c) || c == '-';
    }
    return allowed;
  }

  @Override
  public String toString() {
    return value;
  }
}
