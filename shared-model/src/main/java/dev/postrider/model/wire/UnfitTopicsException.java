// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import java.util.List;

/** Topics that are not as the table wants them; the message is one line for the operator. */
public final class UnfitTopicsException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UnfitTopicsException(List<String> faults) {
    super("refusing to start, topics are not fit: " + String.join("; ", faults));
  }
}
