// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.issuer;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who exists: the demo tenants, and in each a user and a machine client for every role. */
final class Demo {

  private static final List<String> TENANTS = List.of("acme", "globex");

  private Demo() {}

  static List<Identity> users() {
    return identities().filter(identity -> identity.role() != Role.PUBLISHER).toList();
  }

  static List<Identity> clients() {
    return identities().toList();
  }

  /** As public as the users' passwords; the server insists that no two clients share one. */
  static String clientSecret(String clientId) {
    return clientId + "-secret";
  }

  private static Stream<Identity> identities() {
    var inTenants = TENANTS.stream().flatMap(Demo::ofTenant);
    return Stream.concat(
        inTenants, Stream.of(new Identity(Identity.PLATFORM, Role.PLATFORM_ADMIN)));
  }

  private static Stream<Identity> ofTenant(String tenant) {
    return Stream.of(Role.TENANT_ADMIN, Role.OPERATOR, Role.AUDITOR, Role.PUBLISHER)
        .map(role -> new Identity(tenant, role));
  }

  /**
   * A role in a tenant.
   *
   * @param tenant {@link #PLATFORM} for the role that belongs to none
   */
  record Identity(String tenant, Role role) {

    private static final String PLATFORM = "-";

    static Identity parse(String clientId) {
      return Demo.clients().stream()
          .filter(identity -> identity.clientId().equals(clientId))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no such demo client: " + clientId));
    }

    static Identity ofUser(String username) {
      return Demo.users().stream()
          .filter(identity -> identity.username().equals(username))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no such demo user: " + username));
    }

    String clientId() {
      return tenant + ":" + role.claim();
    }

    String username() {
      return claimedTenant().map(name -> role.person() + "@" + name).orElse(role.person());
    }

    Optional<String> claimedTenant() {
      return Optional.of(tenant).filter(name -> !name.equals(PLATFORM));
    }
  }
}
