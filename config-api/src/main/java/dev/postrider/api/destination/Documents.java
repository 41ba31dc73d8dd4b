// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.problem.MergePatch;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Operations on settings documents. */
final class Documents {

  private static final List<String> IN_ANSWERS_ONLY =
      List.of("id", "created_at", "updated_at", "status", "status_reason", "certificate");
  private static final List<String> OF_SIGNING =
      List.of("secret_set", "secret_last4", "public_key", "previous_expire_at");
  private static final List<String> OF_GRANT =
      List.of("status", "status_at", "status_reason", "callback_url", "jwks_url");
  private static final List<String> OF_SECRETS = List.of("_set", "_last4");

  private Documents() {}

  /** So that what was read can be changed and put back. */
  static ObjectNode withoutAnswersOnly(ObjectNode document) {
    document.remove(IN_ANSWERS_ONLY);
    if (document.get("signing") instanceof ObjectNode signing) {
      signing.remove(OF_SIGNING);
    }
    if (document.get("auth") instanceof ObjectNode auth) {
      auth.remove(OF_GRANT);
      auth.remove(
          auth.propertyNames().stream()
              .filter(name -> OF_SECRETS.stream().anyMatch(name::endsWith))
              .toList());
    }
    return document;
  }

  /**
   * A merge patch of a destination. Another type of authentication or another scheme begins anew:
   * the members of the one before are none of its own.
   */
  static ObjectNode patched(ObjectNode settings, ObjectNode patch) {
    ObjectNode target = settings.deepCopy();
    if (changes(target, patch, "auth", "type")) {
      target.remove("auth");
    }
    if (changes(target, patch, "signing", "scheme")
        && target.get("signing") instanceof ObjectNode is) {
      is.remove("custom");
    }
    return MergePatch.merged(target, patch);
  }

  private static boolean changes(ObjectNode target, ObjectNode patch, String part, String kind) {
    JsonNode wanted = patch.path(part).path(kind);
    return !wanted.isMissingNode() && !wanted.equals(target.path(part).path(kind));
  }
}
