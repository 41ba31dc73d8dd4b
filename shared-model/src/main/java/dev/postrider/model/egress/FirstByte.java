// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Knows of its connection whether it was used before, and whether the answer has begun. */
final class FirstByte extends ChannelInboundHandlerAdapter {

  private boolean used;
  private volatile boolean answered;

  /** A request begins; whether another has used the connection before. */
  boolean awaitAnswer() {
    boolean reused = used;
    used = true;
    answered = false;
    return reused;
  }

  /** Whether anything came since the request began. */
  boolean answered() {
    return answered;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    answered = true;
    context.fireChannelRead(message);
  }
}
