// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static io.netty.handler.codec.http.HttpHeaderNames.ACCEPT;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.USER_AGENT;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
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

  private static final Duration STALE_WITHIN = Duration.ofSeconds(1);

  private final Request request;
  private volatile @Nullable Connection connection;
  private volatile long sentNanos;
  private volatile boolean reused;
  private volatile @Nullable FirstByte firstByte;
  private volatile @Nullable WritesTogether writes;
  private volatile @Nullable Answer answer;

  /** What has come so far. */
  private record Answer(HttpClientResponse head, Excerpt excerpt) {

    Response response(boolean complete) {
      var headers = new ArrayList<Header>(head.responseHeaders().size());
      head.responseHeaders()
          .forEach(entry -> headers.add(new Header(entry.getKey(), entry.getValue())));
      return new Response(
          head.status().code(), headers, excerpt.bytes(), !complete || excerpt.truncated());
    }
  }

  Attempt(Request request) {
    this.request = request;
  }

  Duration limit() {
    return request.timeout();
  }

  /** How long we have kept it from being written since. */
  Duration heldBack() {
    var held = writes;
    return held == null ? Duration.ZERO : held.heldBack();
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
    var arrival = firstByte;
    return reused
        && arrival != null
        && !arrival.answered()
        && (failure instanceof IOException || failure instanceof AbortedException)
        && System.nanoTime() - sentNanos < STALE_WITHIN.plus(heldBack()).toNanos();
  }

  /** The answer so far if there is a status, else how far the attempt had come. */
  Mono<Response> whenTimeIsUp(Lookups lookups) {
    var soFar = answer;
    if (soFar != null) {
      return Mono.just(soFar.response(false));
    }
    String host = request.target().host();
    if (lookups.isRunning(host)) {
      return Mono.error(lookups.unanswered(host));
    }
    return Mono.error(
        firstByte == null
            ? new ConnectTimeoutException("no connection within " + limit())
            : new TimeoutException("no answer within " + limit()));
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
    var arrival = connection.channel().pipeline().get(FirstByte.class);
    reused = arrival.awaitAnswer();
    firstByte = arrival;
    writes = connection.channel().pipeline().get(WritesTogether.class);
    this.connection = connection;
  }

  /**
   * Small bodies are read to their end, which keeps the connection; big ones are cut off. One that
   * breaks off has still said its status.
   */
  private Publisher<Response> read(HttpClientResponse head, ByteBufFlux body) {
    var begun = new Answer(head, new Excerpt(request.excerpt()));
    answer = begun;
    var used = Objects.requireNonNull(connection);
    if (isStillSending(used.channel())) {
      used.markPersistent(false);
    }
    return body.takeUntil(begun.excerpt()::isFullAfter)
        .then(Mono.just(true))
        .onErrorReturn(false)
        .flatMap(complete -> afterRelease(used.channel(), begun, complete));
  }

  /** The receiver has answered before it read everything, and may never read the rest. */
  private static boolean isStillSending(Channel channel) {
    var unsent = channel.unsafe().outboundBuffer();
    return unsent == null || unsent.totalPendingWriteBytes() > 0;
  }

  /** Once this event loop has put the connection back, so that the next request can use it. */
  private static Mono<Response> afterRelease(Channel channel, Answer whole, boolean complete) {
    return Mono.create(
        sink -> channel.eventLoop().execute(() -> sink.success(whole.response(complete))));
  }
}
