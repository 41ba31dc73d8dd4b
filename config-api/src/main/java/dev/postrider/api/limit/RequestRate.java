// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.limit;

import dev.postrider.api.access.Caller;
import dev.postrider.api.access.Turnstile;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.event.TenantId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * So many requests a second for each user and each key, told in every answer.
 *
 * @see <a
 *     href="https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-06">RateLimit
 *     header fields, draft 06</a>
 */
@Component
final class RequestRate implements Turnstile {

  private final Tenants tenants;
  private final Rates rates;
  private final LimitSettings defaults;

  RequestRate(Tenants tenants, Rates rates, LimitSettings defaults) {
    this.tenants = tenants;
    this.rates = rates;
    this.defaults = defaults;
  }

  @Override
  public Mono<Void> pass(Caller caller, ServerWebExchange exchange) {
    return perSecond(caller.home()).doOnNext(most -> spend(caller, most, exchange)).then();
  }

  private Mono<Integer> perSecond(@Nullable TenantId tenant) {
    return tenant == null
        ? Mono.just(defaults.requestsPerSecond())
        : tenants.limits(tenant).map(TenantLimits::requestsPerSecond);
  }

  private void spend(Caller caller, int most, ServerWebExchange exchange) {
    String what = "requests of %s in %s".formatted(caller.subject(), caller.home());
    Rates.Share share = rates.take(Rates.Rate.of(what, most), 1);
    HttpHeaders headers = exchange.getResponse().getHeaders();
    headers.set("RateLimit-Limit", Integer.toString(most));
    headers.set("RateLimit-Remaining", Long.toString(share.left()));
    headers.set("RateLimit-Reset", Long.toString(seconds(share.reset())));
    if (share.delay().isPositive()) {
      throw Problem.tooMany("the limit is %d requests a second".formatted(most), share.delay());
    }
  }

  private static long seconds(Duration wait) {
    return wait.plusMillis(999).toSeconds();
  }
}
