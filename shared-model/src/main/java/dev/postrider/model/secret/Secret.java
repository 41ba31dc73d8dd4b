// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that must never be printed, logged or serialised: a signing key, a password, a token.
 *
 * <p>It prints as {@code ***}, has no property that a serialiser could find, and is compared in
 * constant time. Whoever needs the content asks for it by a name that stands out in a review.
 */
public final class Secret {

  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The secret whose bytes are the UTF-8 form of the text. */
  public static Secret of(String text) {
    return new Secret(text.getBytes(UTF_8));
  }

  /** The secret with a copy of these bytes. */
  public static Secret of(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  /** A copy of the content, which the caller must keep as safe as this object does. */
  public byte[] reveal() {
    return bytes.clone();
  }

  /** The content read as UTF-8, which the caller must keep as safe as this object does. */
  public String revealText() {
    return new String(bytes, UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
  }

  /** Constant, since a hash of the content would be a hint to it. */
  @Override
  public int hashCode() {
    return Secret.class.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
