// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How much a request may bring: 256 KiB, told by its length or found out on the way. Events may
 * come in batches, so theirs may be larger: {@code spring.http.codecs.max-in-memory-size}.
 */
@Component
@Order(0) // behind Spring Security: who is calling comes first
final class BodyLimit implements WebFilter {

  private static final long MOST = 256 * 1024;
  private static final String EVENTS = "/api/v1/events";

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    if (request.getPath().value().equals(EVENTS)) {
      return chain.filter(exchange);
    }
    return request.getHeaders().getContentLength() > MOST
        ? Mono.error(BodyLimit::tooLarge)
        : chain.filter(exchange.mutate().request(new Counted(request)).build());
  }

  private static Problem tooLarge() {
    return Problem.of(HttpStatus.CONTENT_TOO_LARGE, "the body must have at most 256 KiB");
  }

  /** A request whose body is an error once it is too long. */
  private static final class Counted extends ServerHttpRequestDecorator {

    private final AtomicLong seen = new AtomicLong();

    Counted(ServerHttpRequest request) {
      super(request);
    }

    @Override
    public Flux<DataBuffer> getBody() {
      return super.getBody().map(this::counted);
    }

    private DataBuffer counted(DataBuffer buffer) {
      if (seen.addAndGet(buffer.readableByteCount()) > MOST) {
        DataBufferUtils.release(buffer);
        throw tooLarge();
      }
      return buffer;
    }
  }
}
