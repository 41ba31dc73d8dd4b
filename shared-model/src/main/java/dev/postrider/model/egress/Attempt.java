// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static io.netty.handler.codec.http.HttpHeaderNames.ACCEPT;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.USER_AGENT;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executor;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/**
 * One request on its way, and what is needed to tell a stale connection from a failing receiver.
 */
final class Attempt {

  private static final AttributeKey<Boolean> USED = AttributeKey.valueOf(Attempt.class, "used");
  private static final Duration STALE_WITHIN = Duration.ofSeconds(1);

  private final Request request;
  private volatile Executor eventLoop = Runnable::run;
  private volatile long sentNanos;
  private volatile boolean reused;
  private volatile boolean answered;

  Attempt(Request request) {
    this.request = request;
  }

  Mono<Response> through(HttpClient client) {
    return client
        .request(HttpMethod.valueOf(request.method()))
        .uri(request.target().uri())
        .send(this::write)
        .response(this::read)
        .single();
  }

  /**
   * Whether a kept connection had died under us: reused, closed at once, not a byte answered. The
   * request may be sent again, since the id in it makes a duplicate harmless (RFC 9110, 9.2.2).
   */
  boolean metAStaleConnection(Throwable failure) {
    return reused
        && !answered
        && (failure instanceof IOException || failure instanceof AbortedException)
        && System.nanoTime() - sentNanos < STALE_WITHIN.toNanos();
  }

  private Publisher<Void> write(HttpClientRequest head, NettyOutbound outbound) {
    var headers = head.requestHeaders();
    headers.remove(ACCEPT).remove(USER_AGENT);
    for (var header : request.headers()) {
      headers.add(header.name(), header.value());
    }
    headers.set(CONTENT_LENGTH, request.body().length);
    return outbound
        .withConnection(this::noteUse)
        .sendObject(Unpooled.wrappedBuffer(request.body()));
  }

  private void noteUse(Connection connection) {
    sentNanos = System.nanoTime();
    eventLoop = connection.channel().eventLoop();
    reused = connection.channel().attr(USED).getAndSet(Boolean.TRUE) != null;
  }

  /** Small bodies are read to their end, which keeps the connection; big ones are cut off. */
  private Publisher<Response> read(HttpClientResponse head, ByteBufFlux body) {
    answered = true;
    var excerpt = new Excerpt();
    return body.takeUntil(excerpt::isFullAfter)
        .then(Mono.create(sink -> afterRelease(() -> sink.success(response(head, excerpt)))));
  }

  /** Once this event loop has put the connection back, so that the next request can use it. */
  private void afterRelease(Runnable answer) {
    eventLoop.execute(answer);
  }

  private static Response response(HttpClientResponse head, Excerpt excerpt) {
    var headers = new ArrayList<Header>(head.responseHeaders().size());
    head.responseHeaders()
        .forEach(entry -> headers.add(new Header(entry.getKey(), entry.getValue())));
    return new Response(head.status().code(), headers, excerpt.bytes(), excerpt.truncated());
  }
}
