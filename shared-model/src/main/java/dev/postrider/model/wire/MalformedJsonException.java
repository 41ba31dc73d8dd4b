// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

/**
 * Bytes that were to be JSON and are not; the message says what is wrong, without repeating the
 * bytes.
 */
public final class MalformedJsonException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  MalformedJsonException(String message) {
    super(message);
  }
}
