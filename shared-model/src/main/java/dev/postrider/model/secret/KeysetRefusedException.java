// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import java.io.Serial;

/** The keyset file cannot be trusted or read; its message is the one line an operator needs. */
public final class KeysetRefusedException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  KeysetRefusedException(String message, Throwable cause) {
    super(message, cause);
  }

  KeysetRefusedException(String message) {
    super(message);
  }
}
