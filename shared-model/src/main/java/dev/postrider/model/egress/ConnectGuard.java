// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;

/**
 * The second layer of the guard: sits next to the socket and sees the address of every attempt to
 * connect, fallbacks included, however it came about.
 */
@Sharable
final class ConnectGuard extends ChannelOutboundHandlerAdapter {

  private final Gate gate;

  ConnectGuard(Gate gate) {
    this.gate = gate;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the promise is what the caller listens to
  public void connect(
      ChannelHandlerContext context,
      SocketAddress remote,
      SocketAddress local,
      ChannelPromise promise) {
    var refusal = gate.refusal(Stage.CONNECT, remote);
    if (refusal.isEmpty()) {
      context.connect(remote, local, promise);
    } else {
      promise.tryFailure(refusal.get());
      context.close();
    }
  }
}
