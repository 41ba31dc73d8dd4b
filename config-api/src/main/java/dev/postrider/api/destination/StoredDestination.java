// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.DestinationStatus;
import dev.postrider.model.event.TenantId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A destination as it stands in PostgreSQL.
 *
 * @param version 1 at first, one more with every change; the ETag
 * @param settings in the shape of the API, without any secret
 */
record StoredDestination(
    DestinationId id,
    TenantId tenant,
    long version,
    DestinationStatus status,
    @Nullable String statusReason,
    ObjectNode settings,
    SigningKeys.Current key,
    Instant createdAt,
    Instant updatedAt) {

  /** The next version, with another status, other settings and the key that fits them. */
  StoredDestination revised(
      DestinationStatus newStatus,
      @Nullable String reason,
      ObjectNode newSettings,
      SigningKeys.Current newKey,
      Instant at) {
    return new StoredDestination(
        id, tenant, version + 1, newStatus, reason, newSettings, newKey, createdAt, at);
  }

  boolean active() {
    return status == DestinationStatus.ACTIVE;
  }

  /** Whether Postrider switched it off, rather than its admin. */
  boolean switchedOffByUs() {
    return status == DestinationStatus.GONE || status == DestinationStatus.FAILING;
  }

  String etag() {
    return "\"" + version + "\"";
  }

  /** What the audit trail compares: a new key shows by its last four characters. */
  ObjectNode audited() {
    ObjectNode audited = settings.deepCopy();
    ((ObjectNode) audited.get("signing")).put("secret_last4", key.last4());
    return audited.put("status", status.name().toLowerCase(Locale.ROOT));
  }

  /** The resource as the API shows it; the key in clear only when it was made by this change. */
  ObjectNode answer() {
    ObjectNode answer = settings.objectNode();
    answer.put("id", id.toString());
    answer.setAll(settings.deepCopy());
    ObjectNode signing = (ObjectNode) answer.get("signing");
    signing.put("secret_set", key.sealed() != null);
    signing.put("secret_last4", key.last4());
    if (key.shown() != null) {
      signing.put("secret", key.shown().revealText());
    }
    answer.put("status", status.name().toLowerCase(Locale.ROOT));
    answer.put("status_reason", statusReason);
    answer.put("created_at", createdAt.toString());
    answer.put("updated_at", updatedAt.toString());
    return answer;
  }
}
