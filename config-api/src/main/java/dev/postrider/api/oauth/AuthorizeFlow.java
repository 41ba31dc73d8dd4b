// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.access.Caller;
import dev.postrider.api.audit.AuditTrail;
import dev.postrider.api.audit.AuditTrail.Author;
import dev.postrider.api.credential.AuthenticationSettings.Kind;
import dev.postrider.api.destination.GrantedDestinations;
import dev.postrider.api.destination.GrantedDestinations.Client;
import dev.postrider.api.grant.Consents;
import dev.postrider.api.grant.PublicAddress;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.secret.SecretPlace;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponseType;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Sends people to an issuer to agree: with a state that is good once and for ten minutes, of which
 * only the hash is kept, and with PKCE, whatever the issuer asks for.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-2.1">RFC 9700 §2.1</a>
 */
@Component
public final class AuthorizeFlow {

  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final int STATE_LENGTH = 16; // bytes, 128 bits
  private static final int VERIFIER_LENGTH = 32; // bytes; RFC 7636 §4.1
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private final TenantTransactions transactions;
  private final GrantedDestinations destinations;
  private final Consents consents;
  private final PublicAddress address;
  private final AuditTrail audit;
  private final SecretBox box;
  private final Clock clock;
  private final SecureRandom random;

  AuthorizeFlow(
      TenantTransactions transactions,
      GrantedDestinations destinations,
      Consents consents,
      PublicAddress address,
      AuditTrail audit,
      SecretBox box,
      Clock clock,
      SecureRandom random) {
    this.transactions = transactions;
    this.destinations = destinations;
    this.consents = consents;
    this.address = address;
    this.audit = audit;
    this.box = box;
    this.clock = clock;
    this.random = random;
  }

  /** Where to send a browser, and until when it may come back. */
  public record Begun(String authorizationUrl, Instant expiresAt) {}

  /**
   * Begins; a 409 where there is nobody to be asked.
   *
   * @param request the request's id, for the audit trail
   * @param session of the portal, that must be the same when the browser comes back; null for a
   *     browser that is not ours
   */
  public Mono<Begun> begin(
      Caller caller, DestinationId id, String request, @Nullable String session) {
    return transactions.within(
        caller.tenant(),
        database ->
            destinations
                .find(database, caller.tenant(), id)
                .filter(client -> client.settings().needsConsent())
                .switchIfEmpty(Mono.error(AuthorizeFlow::nobodyToAsk))
                .flatMap(client -> begun(database, client, caller, request, session)));
  }

  private static Problem nobodyToAsk() {
    return Problem.of(
        HttpStatus.CONFLICT,
        "the destination is not complete for this: auth.type must be oauth2, with the grant_type"
            + " authorization_code");
  }

  private Mono<Begun> begun(
      DatabaseClient database,
      Client client,
      Caller caller,
      String request,
      @Nullable String session) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    String state = text(STATE_LENGTH);
    String verifier = text(VERIFIER_LENGTH);
    Consents.Sent sent =
        new Consents.Sent(
            hash(state),
            client.tenant(),
            client.id(),
            client.grant().epoch(),
            caller.subject(),
            session == null ? null : hash(session),
            box.seal(Secret.of(verifier), place(client.tenant().value(), client.id())),
            now.plus(LIFE));
    var entry =
        new AuditTrail.Change(
            "destination.authorization_begun", "destination", client.id().toString(), null, null);
    return consents
        .send(database, sent, now)
        .then(audit.record(database, client.tenant(), Author.of(caller, request), entry))
        .thenReturn(new Begun(url(client.settings(), state, verifier), sent.expiresAt()));
  }

  private String text(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return TEXT.encodeToString(bytes);
  }

  /** RFC 6749 §4.1.1 and RFC 7636 §4.3; what is not set is not said. */
  private String url(Kind.OAuth2 settings, String state, String verifier) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put(
        OAuth2ParameterNames.RESPONSE_TYPE, OAuth2AuthorizationResponseType.CODE.getValue());
    parameters.put(OAuth2ParameterNames.CLIENT_ID, settings.client().id());
    parameters.put(OAuth2ParameterNames.REDIRECT_URI, address.callback());
    if (settings.wanted().scope() != null) {
      parameters.put(OAuth2ParameterNames.SCOPE, settings.wanted().scope());
    }
    if (settings.wanted().audience() != null) {
      parameters.put("audience", settings.wanted().audience());
    }
    parameters.put(OAuth2ParameterNames.STATE, state);
    parameters.put(
        PkceParameterNames.CODE_CHALLENGE,
        TEXT.encodeToString(sha256(verifier.getBytes(US_ASCII))));
    parameters.put(PkceParameterNames.CODE_CHALLENGE_METHOD, "S256");
    parameters.putAll(settings.wanted().extra());
    String url = String.valueOf(settings.authorizeUrl());
    return url + (url.contains("?") ? "&" : "?") + TokenRequest.encoded(parameters);
  }

  /** Where the verifier of PKCE is sealed for. */
  static SecretPlace place(String tenant, DestinationId id) {
    return new SecretPlace("oauth_states", tenant, id.toString(), "verifier");
  }

  static byte[] hash(String secret) {
    return sha256(secret.getBytes(UTF_8));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
