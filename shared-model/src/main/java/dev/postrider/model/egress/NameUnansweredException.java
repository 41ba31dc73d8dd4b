// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import java.io.IOException;
import java.io.Serial;

/** A name could not be looked up, since whoever was asked did not answer, or had no answer. */
public final class NameUnansweredException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  private final boolean resolverDown;

  NameUnansweredException(String host, boolean resolverDown) {
    super(
        resolverDown
            ? "our resolver answers for no name, %s among them".formatted(host)
            : "the name servers of %s do not answer".formatted(host));
    this.resolverDown = resolverDown;
  }

  /** Whether no name at all is answered, which is a fault of ours and not of this name. */
  public boolean resolverDown() {
    return resolverDown;
  }
}
