// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The data of an event, opaque from publish to POST: what was published is what is signed and what
 * is sent.
 *
 * <p>The bytes are shared, not copied; nobody writes to them.
 */
public final class Payload {

  /** No data at all. */
  public static final Payload EMPTY = new Payload(new byte[0]);

  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes the bytes over: the caller does not write to them again. */
  public static Payload of(byte @Nullable [] bytes) {
    return bytes == null || bytes.length == 0 ? EMPTY : new Payload(bytes);
  }

  /** The bytes themselves, to be read only. */
  public byte[] bytes() {
    return bytes;
  }

  /** In bytes. */
  public int length() {
    return bytes.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
