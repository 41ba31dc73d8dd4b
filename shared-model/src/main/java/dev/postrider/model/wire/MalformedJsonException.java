// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

/**
 * Bytes that were to be JSON and are not; the message says what is wrong, without repeating the
 * bytes.
 */
public final class MalformedJsonException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  private final String member;

  MalformedJsonException(String message) {
    this("", message);
  }

  /** One member is wrong, and the rest may be as it should. */
  MalformedJsonException(String member, String message) {
    super(message);
    this.member = member;
  }

  /** Which member is wrong; empty for the whole. */
  public String member() {
    return member;
  }
}
