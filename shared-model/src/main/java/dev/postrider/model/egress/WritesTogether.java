// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.time.Duration;

/**
 * Puts the write to the socket off until the loop has done what it is at: so the writes of many
 * connections come one after the other, which is cheaper for the processor's caches, and for a
 * receiver that is woken by the first of them.
 */
final class WritesTogether extends ChannelOutboundHandlerAdapter {

  private volatile boolean ahead;
  private volatile long askedNanos;
  private volatile long heldNanos;

  @Override
  public void flush(ChannelHandlerContext context) {
    if (!ahead) {
      askedNanos = System.nanoTime();
      ahead = true;
      context.executor().execute(() -> write(context));
    }
  }

  private void write(ChannelHandlerContext context) {
    heldNanos = System.nanoTime() - askedNanos;
    ahead = false;
    context.flush();
  }

  /** How long the last write was put off, which is nobody's fault but ours. */
  Duration heldBack() {
    return Duration.ofNanos(ahead ? System.nanoTime() - askedNanos : heldNanos);
  }
}
