// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.apikey;

import dev.postrider.api.access.Role;
import dev.postrider.api.problem.Fields;
import dev.postrider.api.problem.Violations;
import dev.postrider.model.event.InternetTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what a new key is to be. */
final class KeyReader {

  private static final int LONGEST_NAME = 200;
  private static final List<String> GRANTABLE =
      List.of(
          Role.TENANT_ADMIN.claim(),
          Role.OPERATOR.claim(),
          Role.AUDITOR.claim(),
          Role.PUBLISHER.claim());

  private KeyReader() {}

  record Wanted(String name, List<Role> roles, @Nullable Instant expiresAt) {}

  /**
   * @param latest when it has to end, and does when nothing is said; {@link Instant#MAX} for never
   */
  static Wanted read(ObjectNode body, Instant now, Instant latest) {
    Violations violations = new Violations();
    Fields fields = Fields.of(body, violations);
    String name = fields.requiredText("name");
    if (name.length() > LONGEST_NAME) {
      fields.refuse("name", "must be at most 200 characters: had " + name.length());
    }
    Set<Role> roles = roles(fields);
    Instant expires = expiry(fields, now, latest);
    fields.refuseUnknown();
    violations.refuse();
    return new Wanted(name, List.copyOf(roles), expires);
  }

  private static Set<Role> roles(Fields fields) {
    List<JsonNode> names = fields.list("roles", GRANTABLE.size());
    Set<Role> roles = new LinkedHashSet<>();
    for (JsonNode name : names) {
      String role = name.isString() ? name.stringValue() : "";
      if (GRANTABLE.contains(role)) {
        Role.named(role).ifPresent(roles::add);
      } else {
        fields.refuse("roles", "must be of %s: was %s".formatted(GRANTABLE, name));
      }
    }
    if (names.isEmpty()) {
      fields.refuse("roles", "must name at least one of " + GRANTABLE);
    }
    return roles;
  }

  private static @Nullable Instant expiry(Fields fields, Instant now, Instant latest) {
    String text = fields.text("expires_at", null);
    if (text == null) {
      return latest.equals(Instant.MAX) ? null : latest;
    }
    try {
      Instant expires = InternetTime.parse(text).truncatedTo(ChronoUnit.MICROS);
      if (expires.isAfter(now) && !expires.isAfter(latest)) {
        return expires;
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    String bound = latest.equals(Instant.MAX) ? "" : " and not after %s, when this key expires";
    fields.refuse(
        "expires_at",
        "must be a time of RFC 3339 that is yet to come%s: was %s"
            .formatted(bound.formatted(latest), text));
    return null;
  }
}
