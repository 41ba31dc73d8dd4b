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

  /** The role of this name in the claim {@code roles}. */
  public static Optional<Role> named(String claim) {
    return Stream.of(values()).filter(role -> role.claim().equals(claim)).findFirst();
  }

  /** As in the claim {@code roles}. */
  public String claim() {
    return name().toLowerCase(Locale.ROOT);
  }
}
