// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import dev.postrider.api.credential.AuthenticationSettings.Kind;
import dev.postrider.api.destination.GrantedDestinations.Client;
import dev.postrider.api.grant.ClientKeys;
import dev.postrider.model.destination.Authentication;
import dev.postrider.model.egress.AddressRules;
import dev.postrider.model.egress.EgressRefusedException;
import dev.postrider.model.egress.GuardedHttpClient;
import dev.postrider.model.egress.Request;
import dev.postrider.model.egress.Target;
import dev.postrider.model.egress.TlsFault;
import dev.postrider.model.egress.TlsIdentity;
import dev.postrider.model.egress.UrlRules;
import dev.postrider.model.egress.UrlVerdict;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.SecretBox;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Asks the token endpoints of issuers, through the guarded client: no redirect, ten seconds, 64
 * KiB, and with the certificates that the destination trusts.
 */
@Component
final class TokenEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(TokenEndpoint.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LARGEST = 64 * 1024;
  private static final String UNREACHED =
      "the token endpoint could not be reached, or did not answer in time";

  private final GuardedHttpClient http;
  private final UrlRules urls;
  private final SecretBox box;
  private final ClientKeys keys;
  private final Clock clock;

  TokenEndpoint(
      GuardedHttpClient http, AddressRules addresses, SecretBox box, ClientKeys keys, Clock clock) {
    this.http = http;
    this.urls = new UrlRules(addresses);
    this.box = box;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Sends the request with a proof of who we are; never fails.
   *
   * @param clientKey that we sign with, where we do
   */
  Mono<TokenAnswer> ask(Client client, TokenRequest request, @Nullable Sealed clientKey) {
    return Mono.defer(
            () ->
                switch (urls.judge("auth.token_url", client.settings().tokenUrl())) {
                  case UrlVerdict.Refused(var rule) -> Mono.just(refused(rule));
                  case UrlVerdict.Allowed(var target) ->
                      http.send(proved(client, target, request, clientKey)).map(TokenAnswer::of);
                })
        .subscribeOn(Schedulers.boundedElastic()) // signing, and reading certificates, take a while
        .onErrorResume(e -> Mono.just(failed(client, e)));
  }

  private static TokenAnswer refused(String rule) {
    return new TokenAnswer.Refused(false, rule);
  }

  private Request proved(
      Client client, Target target, TokenRequest request, @Nullable Sealed clientKey) {
    boolean json = client.settings().json();
    TokenRequest proved = proved(client, request, clientKey);
    String anchors = client.trustAnchors();
    TlsIdentity tls =
        anchors == null ? null : TlsIdentity.trusting(TlsIdentity.certificates(anchors));
    return new Request(
        target, "POST", proved.headers(json), proved.body(json), PATIENCE, tls, LARGEST);
  }

  private TokenRequest proved(Client client, TokenRequest request, @Nullable Sealed clientKey) {
    Kind.OAuth2 settings = client.settings();
    Sealed secret = client.clientSecret();
    if (secret == null) {
      Sealed key = Objects.requireNonNull(clientKey, "there is no key to sign with");
      String assertion =
          ClientAssertion.of(
              keys.open(key, client.tenant(), client.id()),
              settings.client().id(),
              settings.tokenUrl(),
              clock.instant());
      return request.provedBy(settings.client().id(), assertion);
    }
    var place = Authentication.placeOf(client.tenant(), client.id(), "client_secret");
    return request.provedBy(
        settings.client().method(), settings.client().id(), box.open(secret, place));
  }

  private static TokenAnswer failed(Client client, Throwable fault) {
    LOG.debug("{}: the token endpoint cannot be asked: {}", client.id(), fault.toString());
    return new TokenAnswer.Failed(
        switch (fault) {
          case EgressRefusedException _ ->
              "auth.token_url must not target a private or reserved address";
          case SSLException tls -> reason(TlsFault.of(tls));
          default -> UNREACHED;
        });
  }

  /** No oracle: but for certificates, the tenant hears no more than that something went wrong. */
  private static String reason(TlsFault fault) {
    return switch (fault) {
      case UNTRUSTED ->
          "nobody whom we trust vouches for the token endpoint's certificate: it is self-signed,"
              + " or its chain is incomplete; upload the certificate to trust";
      case WRONG_HOST ->
          "the token endpoint's certificate is for another name than auth.token_url's";
      case EXPIRED -> "the token endpoint's certificate is not valid any more, or not yet";
      case PROTOCOL, NO_HTTP1, CLIENT_CERTIFICATE, HANDSHAKE -> UNREACHED;
    };
  }
}
