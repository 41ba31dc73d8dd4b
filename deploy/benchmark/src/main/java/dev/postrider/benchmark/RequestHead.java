// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

/**
 * What the sink must know of a request.
 *
 * @param length of the head in bytes, its empty line included; 0 when it is not all there
 * @param path first letter of the path
 * @param bodyLength as {@code content-length} says
 * @param event the {@code ce-id}, which is a number here; 0 without one
 */
record RequestHead(int length, char path, long bodyLength, long event) {

  static final RequestHead NONE = new RequestHead(0, ' ', 0, 0);

  private static final String LENGTH = "content-length:";
  private static final String EVENT = "ce-id:";

  static RequestHead read(byte[] bytes, int from, int to) {
    long bodyLength = 0;
    long event = 0;
    char path = ' ';
    int line = from;
    for (int i = from; i < to; i++) {
      if (bytes[i] != '\n') {
        continue;
      }
      if (line == from) {
        path = path(bytes, line, i);
      } else if (i - line <= 1) {
        return new RequestHead(i + 1 - from, path, bodyLength, event);
      } else if (starts(bytes, line, i, LENGTH)) {
        bodyLength = number(bytes, line + LENGTH.length(), i);
      } else if (starts(bytes, line, i, EVENT)) {
        event = number(bytes, line + EVENT.length(), i);
      }
      line = i + 1;
    }
    return NONE;
  }

  private static char path(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && bytes[i] != '/') {
      i++;
    }
    return i + 1 < to ? (char) bytes[i + 1] : ' ';
  }

  private static boolean starts(byte[] bytes, int from, int to, String lowerCase) {
    if (to - from < lowerCase.length()) {
      return false;
    }
    for (int i = 0; i < lowerCase.length(); i++) {
      // 0x20 turns capitals into small letters, and leaves the hyphen and the colon alone
      if ((bytes[from + i] | 0x20) != lowerCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static long number(byte[] bytes, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] >= '0' && bytes[i] <= '9') {
        number = number * 10 + bytes[i] - '0';
      }
    }
    return number;
  }
}
