// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import org.jspecify.annotations.Nullable;

/** Reads query parameters that are numbers. */
public final class WholeNumber {

  private WholeNumber() {}

  /** A whole number within the bounds, or the fallback where there is none; else a 400. */
  public static int read(String name, @Nullable String text, int fallback, int least, int most) {
    if (text == null) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw Problem.invalid(
        name, "%s must be a whole number from %d to %d: was %s".formatted(name, least, most, text));
  }
}
