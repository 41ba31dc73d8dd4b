// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a caller may do in its tenant. */
public enum Role {
  /** Everything in its tenant. */
  TENANT_ADMIN,
  /** Read, and handle deliveries; no secrets, no configuration. */
  OPERATOR,
  /** Read, without bodies. */
  AUDITOR,
  /** Publish events. */
  PUBLISHER,
  /** Tenants and their limits; nothing inside a tenant. */
  PLATFORM_ADMIN;

  /** As in the claim {@code roles}. */
  static Optional<Role> named(String claim) {
    return Stream.of(values())
        .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(claim))
        .findFirst();
  }
}
