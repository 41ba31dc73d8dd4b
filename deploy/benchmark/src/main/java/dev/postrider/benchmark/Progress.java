// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

/** Tells whoever waits how far it is; not part of the result. */
final class Progress {

  private Progress() {}

  static void tell(String what) {
    System.err.println("  " + what);
  }
}
