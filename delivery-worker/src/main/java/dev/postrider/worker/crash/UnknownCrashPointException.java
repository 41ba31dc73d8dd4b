// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.crash;

/** A crash was ordered at a place that there is not. */
public final class UnknownCrashPointException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  UnknownCrashPointException(String order, String known) {
    super(
        "postrider.crash-at is one of %s, with :n for the n-th passage: was %s"
            .formatted(known, order));
  }
}
