// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.issuer;

import java.util.Locale;

/** The roles of CONTRACT.md §2. */
enum Role {
  TENANT_ADMIN("admin"),
  OPERATOR("operator"),
  AUDITOR("auditor"),
  PUBLISHER("publisher"),
  PLATFORM_ADMIN("platform");

  private final String person;

  Role(String person) {
    this.person = person;
  }

  /** As in the claim {@code roles}. */
  String claim() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name, before the {@code @}, of the demo user that has the role; also the password. */
  String person() {
    return person;
  }
}
