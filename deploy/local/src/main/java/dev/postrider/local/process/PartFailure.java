// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import java.io.Serial;

/** Something kept the stack from starting; the message is one sentence for the person who did. */
public final class PartFailure extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  public PartFailure(String message) {
    super(message);
  }

  public PartFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
