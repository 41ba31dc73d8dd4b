// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.limit;

import dev.postrider.api.problem.Fields;
import dev.postrider.api.problem.Violations;
import dev.postrider.model.event.TenantId;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Reads what the platform's people say of a tenant. */
final class TenantReader {

  private static final int LONGEST_NAME = 200;
  private static final int MANY = 1_000_000;
  private static final int YEAR = 31_536_000;
  private static final List<String> IN_ANSWERS_ONLY =
      List.of("id", "effective_limits", "created_at", "updated_at");

  private TenantReader() {}

  /** A tenant that is to be: its id, and its settings in normal form. */
  record Wanted(TenantId id, ObjectNode settings) {}

  static Wanted wanted(ObjectNode body) {
    Violations violations = new Violations();
    Fields fields = Fields.of(body, violations);
    String id = fields.requiredText("id");
    if (!id.isBlank() && !TenantId.allows(id)) {
      fields.refuse("id", "must be 1 to 63 lower-case letters, digits or inner hyphens: was " + id);
    }
    ObjectNode settings = settings(fields, violations);
    settings.remove("id");
    return new Wanted(new TenantId(id), settings);
  }

  /** Whole settings; what only answers have is passed over. */
  static ObjectNode replacement(ObjectNode body) {
    body.remove(IN_ANSWERS_ONLY);
    return settings(body);
  }

  /** Whole settings. */
  static ObjectNode settings(ObjectNode body) {
    Violations violations = new Violations();
    return settings(Fields.of(body, violations), violations);
  }

  /** The settings with every field that they leave open. */
  static ObjectNode complete(ObjectNode settings) {
    return settings(Fields.of(settings, new Violations()), new Violations());
  }

  private static ObjectNode settings(Fields fields, Violations violations) {
    String name = fields.text("name", null);
    if (name != null && (name.isBlank() || name.length() > LONGEST_NAME)) {
      fields.refuse("name", "must be 1 to 200 characters: had " + name.length());
    }
    Fields limits = fields.object("limits");
    limits.whole("destinations", null, 0, MANY);
    limits.whole("events_per_second", null, 1, MANY);
    limits.whole("payload_bytes", null, 1, TenantLimits.MOST_PAYLOAD_BYTES);
    limits.whole("requests_per_second", null, 1, MANY);
    limits.refuseUnknown();
    fields.whole(TenantLimits.READABLE, null, 0, YEAR);
    fields.refuseUnknown();
    violations.refuse();
    return fields.normal();
  }
}
