// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

/** Somebody has pressed Ctrl-C: everything on the way out lets go of what it holds. */
final class Interrupted extends RuntimeException {

  private static final long serialVersionUID = 1;

  Interrupted(InterruptedException cause) {
    super(cause);
    Thread.currentThread().interrupt();
  }
}
