// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import java.io.Serial;

/**
 * A sealed secret does not open at this place: it was moved, changed, or sealed with a key that the
 * keyset does not hold. Says where, never what.
 */
public final class SealBrokenException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  SealBrokenException(SecretPlace place, Throwable cause) {
    super("the secret at " + place + " does not open with the keyset in use", cause);
  }
}
