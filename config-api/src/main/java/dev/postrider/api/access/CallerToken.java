// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.access;

import dev.postrider.model.event.TenantId;
import java.io.Serial;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;

/** A verified token or key, read as a {@link Caller}. */
public final class CallerToken extends AbstractAuthenticationToken {

  @Serial private static final long serialVersionUID = 1L;

  private final transient Caller caller;

  private CallerToken(Caller caller) {
    super(AuthorityUtils.NO_AUTHORITIES);
    this.caller = caller;
    setAuthenticated(true);
  }

  /**
   * Reads the claims {@code sub}, {@code tenant} and {@code roles}; roles of other names belong to
   * somebody else and are passed over.
   *
   * @throws InvalidBearerTokenException when the tenant cannot be one
   */
  public static CallerToken of(Map<String, Object> claims) {
    Set<Role> roles = new LinkedHashSet<>();
    if (claims.get("roles") instanceof List<?> names) {
      names.forEach(name -> Role.named(String.valueOf(name)).ifPresent(roles::add));
    }
    String subject = String.valueOf(claims.getOrDefault("sub", "unknown"));
    return new CallerToken(
        new Caller(Caller.Kind.USER, subject, tenant(claims.get("tenant")), roles));
  }

  /** The holder of an API key. */
  static CallerToken of(Caller caller) {
    return new CallerToken(caller);
  }

  private static @Nullable TenantId tenant(@Nullable Object claim) {
    if (claim == null || claim.equals("-") || claim.equals("")) {
      return null;
    }
    try {
      return new TenantId(claim.toString());
    } catch (IllegalArgumentException e) {
      throw new InvalidBearerTokenException("the claim tenant is not a tenant's id", e);
    }
  }

  @Override
  public Caller getPrincipal() {
    return caller;
  }

  @Override
  public String getCredentials() {
    return "";
  }

  @Override
  public String getName() {
    return caller.subject();
  }
}
