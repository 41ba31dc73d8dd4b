// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

import dev.postrider.model.secret.Sealed;
import org.jspecify.annotations.Nullable;

/**
 * What a destination's connections need beyond the usual.
 *
 * @param trustAnchors PEM certificates trusted beside the usual ones, for this destination only;
 *     null for none
 * @param clientCertificate PEM, ours first and then who vouches for it; null for none
 * @param clientKey PEM in PKCS #8, there if and only if there is a client certificate
 */
public record TlsSettings(
    @Nullable String trustAnchors, @Nullable String clientCertificate, @Nullable Sealed clientKey) {

  /** The usual trust anchors and no certificate of ours. */
  public static final TlsSettings USUAL = new TlsSettings(null, null, null);

  /** Refuses half a pair. */
  public TlsSettings {
    if ((clientCertificate == null) != (clientKey == null)) {
      throw new IllegalArgumentException("a client certificate and its key come together");
    }
  }
}
