// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.credential.AuthenticationReader;
import dev.postrider.api.credential.Credentials;
import dev.postrider.api.grant.Grant;
import dev.postrider.api.listing.Cursor;
import dev.postrider.api.settings.Settings;
import dev.postrider.api.settings.SettingsReader;
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
 * @param keys what requests are signed with
 * @param credentials the sealed secrets of the authentication
 * @param trustAnchors PEM certificates trusted for this destination only; null for none
 * @param permission of the receiver, where it was asked
 * @param grant of the issuer of its tokens; null where it needs none
 */
record StoredDestination(
    DestinationId id,
    TenantId tenant,
    long version,
    DestinationStatus status,
    @Nullable String statusReason,
    ObjectNode settings,
    SigningKeys.Held keys,
    Credentials credentials,
    @Nullable String trustAnchors,
    Permission permission,
    @Nullable Grant grant,
    Instant createdAt,
    Instant updatedAt) {

  /** What makes a destination safe to talk to; none of it is in the settings. */
  record Safekeeping(
      SigningKeys.Held keys,
      Credentials credentials,
      @Nullable String trustAnchors,
      Permission permission) {

    Safekeeping with(SigningKeys.Held other) {
      return new Safekeeping(other, credentials, trustAnchors, permission);
    }

    Safekeeping trusting(@Nullable String anchors) {
      return new Safekeeping(keys, credentials, anchors, permission);
    }

    Safekeeping with(Permission other) {
      return new Safekeeping(keys, credentials, trustAnchors, other);
    }
  }

  /** The next version, with another status, other settings and what fits them. */
  StoredDestination revised(
      Standing standing, ObjectNode newSettings, Safekeeping kept, Instant at) {
    return new StoredDestination(
        id,
        tenant,
        version + 1,
        standing.status(),
        standing.reason(),
        newSettings,
        kept.keys(),
        kept.credentials(),
        kept.trustAnchors(),
        kept.permission(),
        grant,
        createdAt,
        at);
  }

  /** The same with another grant, which is no other version: settings are what has versions. */
  StoredDestination granted(@Nullable Grant other) {
    return new StoredDestination(
        id,
        tenant,
        version,
        status,
        statusReason,
        settings,
        keys,
        credentials,
        trustAnchors,
        permission,
        other,
        createdAt,
        updatedAt);
  }

  /** Whether it is served, and what is to be said about it. */
  record Standing(DestinationStatus status, @Nullable String reason) {}

  /** All that is kept beside the settings. */
  Safekeeping kept() {
    return new Safekeeping(keys, credentials, trustAnchors, permission);
  }

  /** The same, showing the new key that an earlier version of it showed. */
  StoredDestination showing(StoredDestination earlier) {
    return new StoredDestination(
        id,
        tenant,
        version,
        status,
        statusReason,
        settings,
        keys.showing(earlier.keys.shown()),
        credentials,
        trustAnchors,
        permission,
        grant,
        createdAt,
        updatedAt);
  }

  /** The settings, typed. */
  Settings read(SettingsReader reader) {
    return read(reader, settings.deepCopy());
  }

  /** The same with a change that needs no judgement. */
  Settings read(SettingsReader reader, ObjectNode changed) {
    return reader.stored(changed, held());
  }

  AuthenticationReader.Held held() {
    return new AuthenticationReader.Held(settings.path("auth"), credentials);
  }

  boolean active() {
    return status == DestinationStatus.ACTIVE;
  }

  /** Whether Postrider switched it off, rather than its admin. */
  boolean switchedOffByUs() {
    return status == DestinationStatus.GONE || status == DestinationStatus.FAILING;
  }

  Cursor place() {
    return new Cursor(createdAt, id.uuid());
  }

  String etag() {
    return "\"" + version + "\"";
  }

  /** What the audit trail compares: a new secret shows by its last four characters. */
  ObjectNode audited() {
    ObjectNode audited = settings.deepCopy();
    describe(audited);
    return audited.put("status", status.name().toLowerCase(Locale.ROOT));
  }

  /** The resource as the API shows it; the key in clear only when it was made by this change. */
  ObjectNode answer() {
    ObjectNode answer = settings.objectNode();
    answer.put("id", id.toString());
    answer.setAll(settings);
    describe(answer);
    if (keys.shown() != null) {
      ((ObjectNode) answer.get("signing")).put("secret", keys.shown().revealText());
    }
    answer.put("status", status.name().toLowerCase(Locale.ROOT));
    answer.put("status_reason", statusReason);
    answer.put("created_at", createdAt.toString());
    answer.put("updated_at", updatedAt.toString());
    return answer;
  }

  /** What there is beside the settings, without any secret; the parts described are copies. */
  private void describe(ObjectNode document) {
    ObjectNode signing = (ObjectNode) document.get("signing").deepCopy();
    document.set("signing", signing);
    signing.put("secret_set", !keys.keys().isEmpty());
    signing.put("secret_last4", keys.last4());
    signing.put("public_key", keys.publicKey());
    Instant until = keys.previousExpireAt(updatedAt);
    signing.put("previous_expire_at", until == null ? null : until.toString());
    if (document.path("auth").deepCopy() instanceof ObjectNode auth) {
      document.set("auth", auth);
      credentials.describe(auth);
      if (grant != null) {
        grant.describe(auth);
      }
    }
    document.set("certificate", TrustAnchors.described(trustAnchors));
  }
}
