// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Swallows 100, 102 and 103, of which a receiver may send several before its answer, but not more
 * than eight. A 101 passes and is taken for the answer, since we never ask for an upgrade.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-15.2">RFC 9110 §15.2</a>
 */
final class InterimResponses extends ChannelInboundHandlerAdapter {

  private static final int MOST = 8;
  private static final int SWITCHING_PROTOCOLS = 101;

  private boolean inside;
  private int swallowed;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpResponse response) {
      inside = isInterim(response);
      swallowed = inside ? swallowed + 1 : 0;
      if (swallowed > MOST) {
        response.setDecoderResult(
            DecoderResult.failure(
                new IllegalArgumentException("more than %d interim responses".formatted(MOST))));
        inside = false;
      }
    }
    if (inside) {
      swallow(context, message);
    } else {
      context.fireChannelRead(message);
    }
  }

  private static boolean isInterim(HttpResponse response) {
    return response.decoderResult().isSuccess()
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL
        && response.status().code() != SWITCHING_PROTOCOLS;
  }

  private void swallow(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
    if (message instanceof LastHttpContent) {
      inside = false;
      context.read(); // reads happen on demand, and what was demanded has not come yet
    }
  }
}
