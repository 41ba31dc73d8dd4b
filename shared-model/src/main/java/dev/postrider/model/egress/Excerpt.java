// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The beginning of a body: as much as is kept, and whether there was more. */
final class Excerpt {

  static final int USUAL = 4096;
  private static final byte[] NOTHING = {};

  private final int limit;

  // Volatile: when time is up, another thread takes what there is by then.
  private volatile byte[] kept = NOTHING;
  private volatile boolean truncated;

  Excerpt(int limit) {
    this.limit = limit;
  }

  /** Keeps what fits; true when the rest of the body is not wanted. */
  boolean isFullAfter(ByteBuf chunk) {
    int arrived = chunk.readableBytes();
    int taken = Math.min(arrived, limit - kept.length);
    byte[] grown = Arrays.copyOf(kept, kept.length + taken);
    chunk.getBytes(chunk.readerIndex(), grown, kept.length, taken);
    kept = grown;
    truncated = arrived > taken;
    return truncated;
  }

  byte[] bytes() {
    return kept;
  }

  boolean truncated() {
    return truncated;
  }
}
