// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import java.util.Locale;

/** How numbers are written for people. */
final class Figures {

  private Figures() {}

  /** Three digits that matter, at the least. */
  static String text(double value) {
    int decimals = Math.abs(value) >= 100 || value == Math.rint(value) ? 0 : value >= 10 ? 1 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
