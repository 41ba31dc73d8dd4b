// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.access;

import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Whoever counts what callers ask for, also for what their role does not allow. */
public interface Turnstile {

  /** Lets the caller pass, or fails with the problem that is the answer. */
  Mono<Void> pass(Caller caller, ServerWebExchange exchange);
}
