// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.SecretPlace;
import dev.postrider.model.signature.SignatureScheme;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How requests to a destination are signed.
 *
 * @param scheme name of a signature scheme, such as {@code standard_webhooks}
 * @param custom the scheme itself where the destination describes its own; else null
 * @param keys newest first; requests carry one signature for each that has not expired
 */
public record Signing(String scheme, @Nullable SignatureScheme custom, List<Key> keys) {

  /** Copies the keys. */
  public Signing {
    keys = List.copyOf(keys);
  }

  /** What the keys of a destination are sealed for. */
  public static SecretPlace placeOf(TenantId tenant, DestinationId destination) {
    return new SecretPlace("destinations", tenant.value(), destination.toString(), "signing");
  }

  /**
   * A sealed signing key.
   *
   * @param sealed the key, readable with the keyset only
   * @param expiresAt when it stops being used; null for the current one
   */
  public record Key(Sealed sealed, @Nullable Instant expiresAt) {

    /** Whether requests sent at this moment are to be signed with it. */
    public boolean live(Instant now) {
      return expiresAt == null || now.isBefore(expiresAt);
    }
  }
}
