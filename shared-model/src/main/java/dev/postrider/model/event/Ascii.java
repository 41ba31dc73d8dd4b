// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

/** Which characters are what, in ASCII and nowhere else: each event asks some hundred times. */
final class Ascii {

  private Ascii() {}

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLowerCase(char c) {
    return c >= 'a' && c <= 'z';
  }

  static boolean isPrintable(char c) {
    return c >= ' ' && c <= '~';
  }

  static boolean isLetterOrDigit(char c) {
    return isLowerCase((char) (c | 0x20)) || isDigit(c);
  }
}
