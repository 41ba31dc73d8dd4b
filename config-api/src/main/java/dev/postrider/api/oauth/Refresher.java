// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import dev.postrider.api.audit.AuditTrail.Author;
import dev.postrider.api.destination.GrantedDestinations;
import dev.postrider.api.destination.GrantedDestinations.Client;
import dev.postrider.api.grant.Renewals;
import dev.postrider.api.grant.Renewals.Due;
import dev.postrider.api.grant.Renewals.Lease;
import dev.postrider.api.grant.Tokens;
import dev.postrider.api.outbox.Outbox;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.SecretBox;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Renews grants, each by one instance at a time and once.
 *
 * <pre>
 *   one of this instance ─► lease, commit ─► ask the issuer ─► store what came, if the lease is held
 * </pre>
 *
 * No transaction lasts while the issuer is asked. Tokens are stored before they are used, and the
 * worker is told in the transaction that stores them. If this dies after the issuer has answered
 * and before that, an issuer that takes each refresh token once will refuse the next: then the
 * grant is lost, which is told, and not tried again.
 */
@Component
final class Refresher implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
  private static final Duration AFTER_FAULT = Duration.ofSeconds(5);
  private static final Duration LONGEST_AFTER_FAULT = Duration.ofMinutes(5);
  private static final Duration AFTER_REFUSAL = Duration.ofMinutes(1);
  private static final Duration LONGEST_AFTER_REFUSAL = Duration.ofHours(1);
  private static final Duration UNTIL_STOPPED = Duration.ofSeconds(8);
  private static final int MOST_DOUBLINGS = 10;

  private final TenantTransactions transactions;
  private final GrantedDestinations destinations;
  private final Renewals renewals;
  private final TokenEndpoint issuers;
  private final TokenSeal seal;
  private final SecretBox box;
  private final Outbox outbox;
  private final MeterRegistry meters;
  private final Clock clock;
  private final RandomGenerator random;
  private final Map<Owner, Mono<Result>> running = new ConcurrentHashMap<>();

  Refresher(
      TenantTransactions transactions,
      GrantedDestinations destinations,
      Renewals renewals,
      TokenEndpoint issuers,
      TokenSeal seal,
      SecretBox box,
      Outbox outbox,
      MeterRegistry meters,
      Clock clock,
      RandomGenerator random) {
    this.transactions = transactions;
    this.destinations = destinations;
    this.renewals = renewals;
    this.issuers = issuers;
    this.seal = seal;
    this.box = box;
    this.outbox = outbox;
    this.meters = meters;
    this.clock = clock;
    this.random = random;
    List.of(Result.values()).forEach(result -> count(result, 0));
  }

  /** As in the metric. */
  enum Result {
    /** There are new tokens. */
    RENEWED,
    /** The issuer says no: for good, or until something is configured otherwise. */
    REFUSED,
    /** It did not work, and is tried again. */
    FAILED,
    /** Somebody else was quicker, or the grant is another now: what came is not used. */
    SUPERSEDED
  }

  private record Owner(TenantId tenant, DestinationId destination) {}

  private record Held(Client client, Lease lease) {}

  /** Empty when it is somebody else's turn; fails when PostgreSQL is away. */
  Mono<Result> refresh(Due due) {
    Owner owner = new Owner(due.tenant(), due.destination());
    return running.computeIfAbsent(
        owner, _ -> leased(due).doFinally(_ -> running.remove(owner)).cache());
  }

  private Mono<Result> leased(Due due) {
    return transactions
        .within(due.tenant(), database -> renewals.lease(database, due))
        .flatMap(this::renewed)
        .doOnNext(result -> count(result, 1));
  }

  private Mono<Result> renewed(Lease lease) {
    Due due = lease.due();
    return transactions
        .within(
            due.tenant(), database -> destinations.find(database, due.tenant(), due.destination()))
        .flatMap(client -> renewed(new Held(client, lease)))
        .onErrorResume(Problem.class, e -> putOff(lease, "its settings break a rule of today"))
        .defaultIfEmpty(Result.SUPERSEDED);
  }

  private Mono<Result> renewed(Held held) {
    boolean consent = held.client().settings().needsConsent();
    if (consent && held.lease().refreshToken() == null) {
      return lost(held, "the access token has expired, and the issuer gave nothing to renew it");
    }
    return issuers
        .ask(held.client(), request(held), held.lease().clientKey())
        .flatMap(answer -> followed(held, answer));
  }

  private TokenRequest request(Held held) {
    Client client = held.client();
    var token = held.lease().refreshToken();
    return token == null || !client.settings().needsConsent()
        ? TokenRequest.forItself(client)
        : TokenRequest.forNext(box.open(token, Tokens.refreshPlace(client.tenant(), client.id())));
  }

  private Mono<Result> followed(Held held, TokenAnswer answer) {
    return switch (answer) {
      case TokenAnswer.Granted granted -> stored(held, seal.next(held.client(), granted));
      case TokenAnswer.Failed(var reason) -> putOff(held.lease(), "not renewed: " + reason);
      case TokenAnswer.Refused(boolean over, var reason)
          when over && held.client().settings().needsConsent() ->
          over(held, reason);
      case TokenAnswer.Refused(_, var reason) -> suspended(held, reason);
    };
  }

  private Mono<Result> stored(Held held, Tokens tokens) {
    return change(
        held,
        "authorization_renewed",
        Result.RENEWED,
        database -> renewals.renew(database, held.lease(), tokens));
  }

  /** He from whom the lease was taken may have what we were refused, and be about to store it. */
  private Mono<Result> over(Held held, String reason) {
    String before = held.lease().takenFrom();
    return before == null
        ? lost(held, reason)
        : transactions
            .within(
                held.client().tenant(),
                database -> renewals.handBack(database, held.lease(), before))
            .map(done -> done ? Result.FAILED : Result.SUPERSEDED);
  }

  private Mono<Result> lost(Held held, String reason) {
    return change(
            held,
            "authorization_lost",
            Result.REFUSED,
            database -> renewals.lose(database, held.lease(), reason, now()))
        .doOnNext(result -> noteLost(held, reason, result));
  }

  private static void noteLost(Held held, String reason, Result result) {
    if (result == Result.REFUSED) {
      LOG.warn("{} must be authorised again: {}", held.client().id(), reason);
    }
  }

  private Mono<Result> suspended(Held held, String reason) {
    Instant next = after(held.lease(), AFTER_REFUSAL, LONGEST_AFTER_REFUSAL);
    return change(
        held,
        "authorization_refused",
        Result.REFUSED,
        database -> renewals.suspend(database, held.lease(), reason, now(), next));
  }

  private Mono<Result> putOff(Lease lease, String reason) {
    Instant next = after(lease, AFTER_FAULT, LONGEST_AFTER_FAULT);
    LOG.debug("{} is renewed at {}: {}", lease.due().destination(), next, reason);
    return transactions
        .within(lease.due().tenant(), database -> renewals.putOff(database, lease, reason, next))
        .map(done -> done ? Result.FAILED : Result.SUPERSEDED);
  }

  private Mono<Result> change(
      Held held, String action, Result result, GrantedDestinations.Change change) {
    Due due = held.lease().due();
    return transactions
        .within(
            due.tenant(),
            database ->
                destinations.change(
                    database,
                    due.tenant(),
                    due.destination(),
                    Author.postrider("oauth"),
                    action,
                    change))
        .flatMap(entry -> outbox.published(entry).onErrorComplete().thenReturn(result))
        .defaultIfEmpty(Result.SUPERSEDED);
  }

  /** Twice as long each time, give or take a fifth. */
  private Instant after(Lease lease, Duration first, Duration longest) {
    int doublings = Math.min(lease.failures(), MOST_DOUBLINGS);
    long pause = Math.min(first.toMillis() << doublings, longest.toMillis());
    return now().plusMillis((long) (pause * (0.8 + 0.4 * random.nextDouble())));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private void count(Result result, int times) {
    String label = result.name().toLowerCase(Locale.ROOT);
    meters.counter("postrider.oauth.refresh", "result", label).increment(times);
  }

  /** Whoever has asked an issuer hears the answer out: it may be given once only. */
  @Override
  public void destroy() {
    Mono.whenDelayError(List.copyOf(running.values()))
        .timeout(UNTIL_STOPPED)
        .onErrorComplete()
        .block();
  }
}
