// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Judges a request's head before it is anybody's. Nobody keeps a connection by sending headers byte
 * for byte: from the first byte to the end of the headers, 10 s, then a 408. What the codec cannot
 * make a request of, such as one that tells two lengths, is a 400. Stands behind the codec, where
 * bytes that make no request yet show as reads without one.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112 §6.3</a>
 */
final class RequestHeads extends ChannelDuplexHandler {

  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** Nor by sending a body so: a 408 as well. */
  @Component
  static final class OnEachConnection implements NettyServerCustomizer {

    @Override
    public HttpServer apply(HttpServer server) {
      return server
          .requestTimeout(LONGEST)
          .doOnChannelInit(
              (_, channel, _) ->
                  channel
                      .pipeline()
                      .addAfter(NettyPipeline.HttpCodec, "requestHeads", new RequestHeads()));
    }
  }

  /** What Netty says was asked for, where it could not read that. */
  private static final String OF_NO_REQUEST = "/bad-request";

  private boolean busy;
  private @Nullable Future<?> deadline;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      cancel();
      // Behind an answer that is still to come it is Reactor Netty's to queue, and to refuse.
      if (!busy && request.decoderResult().isFailure()) {
        refuse(context, refusal(request.decoderResult().cause()), path(request));
        return;
      }
      busy = true;
    }
    context.fireChannelRead(message);
  }

  private static Problem refusal(Throwable fault) {
    return switch (fault) {
      case TooLongHttpLineException _ ->
          Problem.of(HttpStatus.URI_TOO_LONG, "the path and query must have at most 4096 bytes");
      case TooLongHttpHeaderException _ ->
          Problem.of(
              HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers must have at most 8192 bytes");
      default ->
          Problem.invalid(
              "", "the request's head must be well-formed, and tell the length of its body once");
    };
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!busy && deadline == null) {
      deadline =
          context
              .executor()
              .schedule(
                  () -> refuse(context, late(), "/"), LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof LastHttpContent && !isInterim(message)) {
      busy = false;
    }
    context.write(message, promise);
  }

  /** Such as 100 Continue, behind which the request goes on. */
  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancel();
    context.fireChannelInactive();
  }

  private void cancel() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  private static Problem late() {
    return Problem.of(HttpStatus.REQUEST_TIMEOUT, "the headers did not come within ten seconds");
  }

  private static String path(HttpRequest request) {
    String path = request.uri().split("\\?", 2)[0];
    return path.equals(OF_NO_REQUEST) ? "/" : path;
  }

  private static void refuse(ChannelHandlerContext context, Problem problem, String path) {
    byte[] body = JsonMapper.shared().writeValueAsBytes(problem.body(path));
    var answer =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(problem.status().value()),
            Unpooled.wrappedBuffer(body));
    answer
        .headers()
        .set(CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
        .set(CONTENT_LENGTH, body.length)
        .set(CONNECTION, CLOSE);
    context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }
}
