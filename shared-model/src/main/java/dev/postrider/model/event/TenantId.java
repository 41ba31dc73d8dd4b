// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.util.regex.Pattern;

/**
 * The owner of events and destinations, and the wall between them.
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens, as in a DNS label
 */
public record TenantId(String value) {

  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** Refuses anything that is not a DNS label in lower case. */
  public TenantId {
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "tenant must be 1 to 63 lower-case letters, digits or inner hyphens: was '"
              + value
              + "'");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
