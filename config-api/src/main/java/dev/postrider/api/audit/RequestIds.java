// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Tells every caller by which id the audit trail and the log know the request: {@code
 * X-Request-Id}. The caller's own is not taken over, since an entry must not say what it likes.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestIds implements WebFilter {

  private static final String HEADER = "X-Request-Id";

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    exchange.getResponse().getHeaders().set(HEADER, request.getId());
    return chain.filter(exchange);
  }
}
