// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads query parameters that are numbers. */
public final class WholeNumber {

  /** No parameter is larger; and digits of other scripts are none here. */
  private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,9}");

  private WholeNumber() {}

  /** A whole number within the bounds, or the fallback where there is none; else a 400. */
  public static int read(String name, @Nullable String text, int fallback, int least, int most) {
    Violations violations = new Violations();
    int number = read(name, text, fallback, new Bounds(least, most), violations);
    violations.refuse();
    return number;
  }

  /** Both may be reached. */
  public record Bounds(int least, int most) {}

  /** The same, where more may be wrong: then it is the fallback. */
  public static int read(
      String name, @Nullable String text, int fallback, Bounds bounds, Violations violations) {
    if (text == null) {
      return fallback;
    }
    if (DIGITS.matcher(text).matches()) {
      int number = Integer.parseInt(text);
      if (number >= bounds.least() && number <= bounds.most()) {
        return number;
      }
    }
    violations.add(
        name,
        "%s must be a whole number from %d to %d: was %s"
            .formatted(name, bounds.least(), bounds.most(), text));
    return fallback;
  }
}
