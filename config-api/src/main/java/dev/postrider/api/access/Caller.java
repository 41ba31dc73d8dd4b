// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.access;

import dev.postrider.model.event.TenantId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling, as the token or the key says.
 *
 * @param kind what it has shown
 * @param subject the token's {@code sub}: a user or a client; or the key's id
 * @param home the caller's tenant; null for the platform's own people
 */
public record Caller(Kind kind, String subject, @Nullable TenantId home, Set<Role> roles) {

  /** What a caller has shown. */
  public enum Kind {
    /** A token of the issuer's. */
    USER,
    /** A key of ours. */
    API_KEY
  }

  /** Copies the roles. */
  public Caller {
    roles = Set.copyOf(roles);
  }

  /** The tenant; only handlers that are for tenants' roles ask, and those have one. */
  public TenantId tenant() {
    if (home == null) {
      throw new IllegalStateException("the caller " + subject + " has no tenant");
    }
    return home;
  }

  /** Whether payloads and response bodies are to be kept from this caller. */
  public boolean seesNoBodies() {
    return !roles.contains(Role.TENANT_ADMIN) && !roles.contains(Role.OPERATOR);
  }

  boolean mayCall(Allow allow) {
    for (Role role : allow.value()) {
      if (roles.contains(role) && (home != null || role == Role.PLATFORM_ADMIN)) {
        return true;
      }
    }
    return false;
  }
}
