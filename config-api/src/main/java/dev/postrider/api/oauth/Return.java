// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import dev.postrider.api.audit.AuditTrail.Author;
import dev.postrider.api.credential.AuthenticationSettings.Kind;
import dev.postrider.api.destination.GrantedDestinations;
import dev.postrider.api.destination.GrantedDestinations.Client;
import dev.postrider.api.grant.Consents;
import dev.postrider.api.grant.Consents.Sent;
import dev.postrider.api.grant.Grant.Status;
import dev.postrider.api.grant.PublicAddress;
import dev.postrider.api.grant.Tokens;
import dev.postrider.api.outbox.Outbox;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.SecretBox;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Takes in what a browser brings back from an issuer.
 *
 * <pre>
 *   state: one, known, not used, in time, of this session ──no─► refused, and nothing changes
 *     │ used up now
 *   iss, if there is one, of the issuer that was asked ──no─► refused (RFC 9207 §2.4)
 *   error ─► denied, or error
 *   code ──no─► error
 *   settings still those that were agreed to ──no─► refused
 *     │
 *   code ─► tokens: authorized, else error
 * </pre>
 */
@Component
final class Return {

  private static final int SECURE = 443;
  private static final int PLAIN = 80;

  private final TenantTransactions transactions;
  private final GrantedDestinations destinations;
  private final Consents consents;
  private final TokenEndpoint issuers;
  private final TokenSeal seal;
  private final PublicAddress address;
  private final SecretBox box;
  private final Outbox outbox;
  private final Clock clock;

  Return(
      TenantTransactions transactions,
      GrantedDestinations destinations,
      Consents consents,
      TokenEndpoint issuers,
      TokenSeal seal,
      PublicAddress address,
      SecretBox box,
      Outbox outbox,
      Clock clock) {
    this.transactions = transactions;
    this.destinations = destinations;
    this.consents = consents;
    this.issuers = issuers;
    this.seal = seal;
    this.address = address;
    this.box = box;
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * What the browser brings.
   *
   * @param issuer RFC 9207; null where the issuer does not say
   * @param session of the portal that the browser is in; null for none
   */
  record Brought(
      @Nullable String state,
      @Nullable String code,
      @Nullable String issuer,
      @Nullable String error,
      @Nullable String description,
      @Nullable String session) {}

  /**
   * What came of it, for whoever sits in front of the browser.
   *
   * @param status of the destination; null where it was refused and nothing has changed
   * @param destination which; null where that is not to be said
   */
  record Outcome(@Nullable Status status, @Nullable String destination, String text) {}

  Mono<Outcome> of(Brought brought) {
    if (brought.state() == null || brought.state().isEmpty()) {
      return Mono.just(refused("This address is for those whom an issuer sends back."));
    }
    return consents
        .take(AuthorizeFlow.hash(brought.state()))
        .flatMap(sent -> known(sent, brought))
        .defaultIfEmpty(
            refused("This was used already, or is too old, or was never begun here. Begin again."));
  }

  private static Outcome refused(String text) {
    return new Outcome(null, null, text);
  }

  private Mono<Outcome> known(Sent sent, Brought brought) {
    if (!clock.instant().isBefore(sent.expiresAt())) {
      return Mono.just(refused("This took longer than ten minutes. Begin again."));
    }
    if (!sameSession(sent, brought)) {
      return Mono.just(refused("This was begun in another session. Begin again in this one."));
    }
    return transactions
        .within(
            sent.tenant(),
            database -> destinations.find(database, sent.tenant(), sent.destination()))
        .filter(client -> client.grant().epoch() == sent.epoch())
        .flatMap(client -> judged(client, sent, brought))
        .onErrorResume(Problem.class, _ -> Mono.empty())
        .defaultIfEmpty(refused("The destination's settings have changed since. Begin again."));
  }

  private static boolean sameSession(Sent sent, Brought brought) {
    return sent.session() == null
        || (brought.session() != null
            && MessageDigest.isEqual(sent.session(), AuthorizeFlow.hash(brought.session())));
  }

  private Mono<Outcome> judged(Client client, Sent sent, Brought brought) {
    if (brought.issuer() != null && !isOf(client.settings(), brought.issuer())) {
      return failed(sent, Status.ERROR, "somebody else than the issuer that was asked has answered")
          .map(outcome -> refused("Somebody else than the issuer that was asked has answered."));
    }
    String error = brought.error();
    if (error != null) {
      boolean denied = error.equals(OAuth2ErrorCodes.ACCESS_DENIED);
      String said = brought.description();
      String reason =
          "the issuer answered "
              + TokenAnswer.Reading.plain(error)
              + (said == null ? "" : ": " + TokenAnswer.Reading.plain(said));
      return failed(sent, denied ? Status.DENIED : Status.ERROR, reason);
    }
    String code = brought.code();
    if (code == null || code.isEmpty()) {
      return failed(sent, Status.ERROR, "the issuer has sent no code")
          .map(outcome -> refused("The issuer has sent no code. Begin again."));
    }
    return exchanged(client, sent, code);
  }

  /** Of the same scheme, host and port as the page where people agree: no more is configured. */
  private static boolean isOf(Kind.OAuth2 settings, String issuer) {
    Optional<String> asked = origin(String.valueOf(settings.authorizeUrl()));
    return asked.isPresent() && asked.equals(origin(issuer));
  }

  private static Optional<String> origin(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getScheme() == null || uri.getHost() == null) {
        return Optional.empty();
      }
      int usual = uri.getScheme().equalsIgnoreCase("https") ? SECURE : PLAIN;
      int port = uri.getPort() < 0 ? usual : uri.getPort();
      return Optional.of(
          (uri.getScheme() + "://" + uri.getHost() + ":" + port).toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private Mono<Outcome> exchanged(Client client, Sent sent, String code) {
    var verifier =
        box.open(sent.verifier(), AuthorizeFlow.place(sent.tenant().value(), sent.destination()));
    TokenRequest request = TokenRequest.forCode(code, address.callback(), verifier);
    return key(client, sent)
        .flatMap(key -> issuers.ask(client, request, key.orElse(null)))
        .flatMap(
            answer ->
                switch (answer) {
                  case TokenAnswer.Granted granted -> stored(sent, seal.first(client, granted));
                  case TokenAnswer.Refused(_, var reason) -> failed(sent, Status.ERROR, reason);
                  case TokenAnswer.Failed(var reason) -> failed(sent, Status.ERROR, reason);
                });
  }

  private Mono<Optional<Sealed>> key(Client client, Sent sent) {
    return client.settings().client().signs()
        ? transactions
            .within(sent.tenant(), database -> consents.clientKey(database, sent))
            .map(Optional::of)
        : Mono.just(Optional.empty());
  }

  private Mono<Outcome> stored(Sent sent, Tokens tokens) {
    return change(sent, "authorized", database -> consents.agreed(database, sent, tokens))
        .map(_ -> outcome(sent, Status.AUTHORIZED, "The destination is authorised."))
        .defaultIfEmpty(refused("The destination's settings have changed since. Begin again."));
  }

  private Mono<Outcome> failed(Sent sent, Status status, String reason) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    String action = status == Status.DENIED ? "authorization_denied" : "authorization_failed";
    return change(sent, action, database -> consents.failed(database, sent, status, reason, now))
        .then(Mono.just(outcome(sent, status, "The destination is not authorised: " + reason)));
  }

  private static Outcome outcome(Sent sent, Status status, String text) {
    return new Outcome(status, sent.destination().toString(), text);
  }

  private interface Change {
    Mono<Boolean> in(DatabaseClient database);
  }

  private Mono<Outbox.Entry> change(Sent sent, String action, Change change) {
    return transactions
        .within(
            sent.tenant(),
            database ->
                destinations.change(
                    database,
                    sent.tenant(),
                    sent.destination(),
                    new Author("user", sent.caller(), "oauth"),
                    action,
                    change::in))
        .flatMap(entry -> outbox.published(entry).onErrorComplete().thenReturn(entry));
  }
}
