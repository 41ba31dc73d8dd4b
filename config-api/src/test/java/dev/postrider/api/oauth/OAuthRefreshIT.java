// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.postrider.api.destination.GrantedDestinations;
import dev.postrider.api.grant.Renewals;
import dev.postrider.api.grant.Renewals.Due;
import dev.postrider.api.grant.Renewals.Want;
import dev.postrider.api.outbox.Outbox;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestCertificates;
import dev.postrider.test.TopicContent;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class OAuthRefreshIT extends OAuthIT {

  @Autowired private TenantTransactions transactions;
  @Autowired private GrantedDestinations destinations;
  @Autowired private Renewals renewals;
  @Autowired private TokenEndpoint endpoint;
  @Autowired private TokenSeal seal;
  @Autowired private Outbox outbox;
  @Autowired private MeterRegistry meters;
  @Autowired private Clock clock;
  @Autowired private SecureRandom random;

  @Test
  void fetchesATokenForItselfAfterCreation() {
    String id = create(withCredentials(", \"scope\": \"write\", \"audience\": \"api\""));
    awaitStatus(id, "authorized");
    awaitToken(id, issuer.last());
    assertThat(issuer.asked.getFirst().parameters())
        .containsEntry("grant_type", "client_credentials")
        .containsEntry("scope", "write")
        .containsEntry("audience", "api");
    assertThat(snapshot(id).orElseThrow().version()).isOne();
  }

  @Test
  void asksInTheFormThatTheIssuerWants() {
    awaitStatus(
        create(
            withCredentials(
                ", \"client_auth\": \"client_secret_post\", \"request_format\": \"json\"")),
        "authorized");
    TestIssuer.Asked asked = issuer.asked.getFirst();
    assertThat(asked.headers()).containsEntry("Content-Type", "application/json");
    assertThat(asked.body()).contains("\"client_id\":\"us\"", "\"client_secret\":\"s3cret&more\"");
    assertThat(asked.headers()).doesNotContainKey("Authorization");
  }

  @Test
  void renewsAtFourFifthsOfALife() throws SQLException {
    String id = authorized();
    assertThat(query(id, "extract(epoch from refresh_at - granted_at)::int"))
        .isBetween(2690L, 3070L);
    issuer.life = 5;
    due(id);
    awaitToken(id, "access-3");
    assertThat(query(id, "extract(epoch from expires_at - granted_at)::int")).isEqualTo(60);
  }

  @Test
  void threeInstancesRenewARotatingGrantOnce() throws SQLException {
    String id = authorized();
    issuer.latency = Duration.ofSeconds(2);
    List<Refresher> instances = IntStream.range(0, 3).mapToObj(_ -> instance()).toList();
    due(id);
    Due due = dueNow(id);
    List<Refresher.Result> results =
        Flux.range(0, 60)
            .flatMap(i -> instances.get(i % 3).refresh(due), 60)
            .collectList()
            .block(LONG_ENOUGH);
    assertThat(new java.util.HashSet<>(Objects.requireNonNull(results)).size())
        .isLessThanOrEqualTo(1);
    awaitToken(id, issuer.last());
    assertThat(issuer.count("refresh_token")).isOne();
    assertThat(status(id)).isEqualTo("authorized");
  }

  @Test
  void whoeverDiedBeforeTheIssuerHeardOfItIsReplaced() throws SQLException {
    String id = authorized();
    sqlOn(
        id, "lease_owner = 'dead', lease_until = now() + interval '1 second', refresh_at = now()");
    awaitToken(id, "access-3");
    assertThat(issuer.count("refresh_token")).isOne();
  }

  @Test
  void whoeverDiedWithTheIssuersAnswerLosesTheGrantWhichIsToldOnce() throws SQLException {
    String id = authorized();
    Due due = dueNow(id);
    leased(due);
    assertThat(asked(due, "refresh-2")).isInstanceOf(TokenAnswer.Granted.class);
    sqlOn(id, "lease_until = now(), refresh_at = now()");
    await().atMost(LONG_ENOUGH).until(() -> query(id, "handed_back::int") == 1);
    assertThat(status(id)).isEqualTo("authorized");
    sqlOn(id, "lease_until = now()");
    awaitStatus(id, "expired");
    long asked = issuer.asked.size();
    assertThat(auth(id).get("status_reason").toString()).contains("invalid_grant");
    await()
        .during(Duration.ofSeconds(3))
        .atMost(LONG_ENOUGH)
        .until(() -> issuer.asked.size() == asked);
    assertThat(lostEvents(id)).isOne();
    assertThat(query(id, "(refresh_at is null)::int")).isOne();
  }

  @Test
  void whoeverWasOnlySlowStoresWhatHeGot() throws SQLException {
    String id = authorized();
    Due due = dueNow(id);
    Renewals.Lease slow = leased(due);
    TokenAnswer answer = asked(due, "refresh-2");
    sqlOn(id, "lease_until = now(), refresh_at = now()");
    await().atMost(LONG_ENOUGH).until(() -> query(id, "handed_back::int") == 1);
    var tokens = seal.next(client(due), (TokenAnswer.Granted) answer);
    Boolean stored =
        transactions
            .within(TENANT, database -> renewals.renew(database, slow, tokens))
            .block(LONG_ENOUGH);
    assertThat(stored).isTrue();
    assertThat(status(id)).isEqualTo("authorized");
    due(id);
    await().atMost(LONG_ENOUGH).until(() -> issuer.count("refresh_token") == 3);
    awaitToken(id, issuer.last());
  }

  @Test
  void noTransientFaultDestroysAGrant() throws SQLException {
    String id = authorized();
    for (var fault :
        List.of(
            Map.entry(500, "{\"error\": \"invalid_grant\"}"),
            Map.entry(503, "<html>"),
            Map.entry(429, "{\"error\": \"invalid_grant\"}"),
            Map.entry(400, "{\"error\": \"temporarily_unavailable\"}"),
            Map.entry(302, ""),
            Map.entry(200, "{\"access_token\": \"a\"}"),
            Map.entry(200, "{\"access_token\": \"a b\", \"token_type\": \"bearer\"}"),
            Map.entry(200, "{\"access_token\": \"a\", \"token_type\": \"mac\"}"),
            Map.entry(200, "x".repeat(70_000)))) {
      long failures = query(id, "failures");
      issuer.scripted.add(fault);
      due(id);
      await().atMost(LONG_ENOUGH).until(() -> query(id, "failures") == failures + 1);
      assertThat(status(id)).isEqualTo("authorized");
      assertThat(query(id, "(refresh_at > now() + interval '3 seconds')::int")).isOne();
    }
    assertThat(tokenOnTopic(id)).contains("access-2");
    due(id);
    awaitToken(id, "access-3");
    assertThat(auth(id)).containsEntry("status_reason", null);
  }

  @Test
  void aRefusalOfTheClientIsToldAndTriedAgainWhenItIsMended() {
    issuer.scripted.add(Map.entry(401, "{\"error\": \"invalid_client\"}"));
    String id = create(withCredentials(""));
    awaitStatus(id, "error");
    assertThat(auth(id).get("status_reason").toString()).contains("invalid_client");
    assertThat(lostEvents(id)).isOne();
    as(ADMIN, HttpMethod.PATCH, DESTINATIONS + "/" + id)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue("{\"auth\": {\"client_secret\": \"right\"}}")
        .exchange()
        .expectStatus()
        .isOk();
    awaitStatus(id, "authorized");
  }

  @Test
  void keepsTheRefreshTokenWhenThereIsNoOther() throws SQLException {
    String id = authorized();
    issuer.scripted.add(
        Map.entry(
            200, "{\"access_token\": \"same\", \"token_type\": \"Bearer\", \"expires_in\": 90}"));
    due(id);
    awaitToken(id, "same");
    due(id);
    awaitToken(id, "access-3");
  }

  @Test
  void o25SaysThatWhatCannotBeRenewedHasExpired() throws SQLException {
    String id = create(withCode(""));
    Map<String, String> asked = begin(id);
    issuer.scripted.add(
        Map.entry(
            200,
            "{\"access_token\": \"once\", \"token_type\": \"Bearer\", \"expires_in\": \"90\"}"));
    comeBack("?state=" + asked.get("state") + "&code=any").expectStatus().isOk();
    assertThat(query(id, "(refresh_at = expires_at)::int")).isOne();
    due(id);
    awaitStatus(id, "expired");
    assertThat(lostEvents(id)).isOne();
  }

  @Test
  void renewsWhatAWorkerFindsRejected() throws SQLException {
    String id = authorized();
    DestinationId destination = DestinationId.parse(id);
    Instant now = Instant.now();
    renewals.wanted(List.of(new Want(TENANT, destination, now))).block(LONG_ENOUGH);
    assertThat(query(id, "(refresh_at > now() + interval '1 minute')::int")).isOne();
    sqlOn(id, "granted_at = now() - interval '2 minutes'");
    renewals.wanted(List.of(new Want(TENANT, destination, now))).block(LONG_ENOUGH);
    awaitToken(id, "access-3");
  }

  @Test
  void signsWhereTheIssuerWantsThatAndPublishesTheKey() {
    String id =
        create(
            withAuth(
                """
                "grant_type": "client_credentials", "client_id": "us", "token_url": "%s",
                "client_auth": "private_key_jwt"
                """
                    .formatted(issuer.tokenUrl())));
    awaitStatus(id, "authorized");
    String jwks = (String) auth(id).get("jwks_url");
    assertThat(jwks).isEqualTo("https://hooks.example.com/portal/oauth/jwks/" + id);
    String published =
        http.get()
            .uri("/portal/oauth/jwks/" + id)
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();
    assertThat(published).contains("\"RSA\"").doesNotContain("\"d\"");
    assertThat(verified(published, issuer.asked.getFirst().parameters().get("client_assertion")))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void b12FollowsNoRedirectOfATokenUrl(int status) throws SQLException {
    String id = authorized();
    long asked = issuer.asked.size();
    issuer.scripted.add(Map.entry(status, ""));
    due(id);
    await().atMost(LONG_ENOUGH).until(() -> query(id, "failures") == 1);
    assertThat(issuer.asked).hasSize((int) asked + 1);
    assertThat(auth(id))
        .containsEntry("status", "authorized")
        .containsEntry("status_reason", "not renewed: the token endpoint answered " + status);
  }

  @Test
  void o15TrustsACertificateAtTheTokenUrlOfThatDestinationOnly() throws Exception {
    TestCertificates certificates = new TestCertificates();
    issuer.close();
    issuer = new TestIssuer(certificates.selfSignedContext("127.0.0.1"));
    String trusting = create(withCredentials(""));
    String other = create(withCredentials(""));
    String untrusted =
        "not renewed: nobody whom we trust vouches for the token endpoint's certificate: it is"
            + " self-signed, or its chain is incomplete; upload the certificate to trust";
    for (String id : List.of(trusting, other)) {
      await().atMost(LONG_ENOUGH).until(() -> untrusted.equals(auth(id).get("status_reason")));
      assertThat(status(id)).isEqualTo("pending");
    }

    as(ADMIN, HttpMethod.PUT, DESTINATIONS + "/" + trusting + "/certificate")
        .contentType(MediaType.valueOf("application/x-pem-file"))
        .bodyValue(certificates.pem("127.0.0.1", true))
        .exchange()
        .expectStatus()
        .isOk();

    awaitStatus(trusting, "authorized");
    long failures = query(other, "failures");
    due(other);
    await().atMost(LONG_ENOUGH).until(() -> query(other, "failures") == failures + 1);
    assertThat(auth(other)).containsEntry("status_reason", untrusted);
    assertThat(issuer.asked).hasSize(1);
  }

  @Test
  void countsFromTheStart() {
    for (Refresher.Result result : Refresher.Result.values()) {
      String label = result.name().toLowerCase(Locale.ROOT);
      assertThat(meters.get("postrider.oauth.refresh").tag("result", label).counter()).isNotNull();
    }
  }

  private static boolean verified(String jwks, String assertion) {
    try {
      var key = JWKSet.parse(jwks).getKeys().getFirst().toRSAKey();
      var jwt = SignedJWT.parse(assertion);
      return jwt.verify(new RSASSAVerifier(key));
    } catch (ParseException | JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private Refresher instance() {
    return new Refresher(
        transactions, destinations, renewals, endpoint, seal, box, outbox, meters, clock, random);
  }

  private Renewals.Lease leased(Due due) {
    return Objects.requireNonNull(
        transactions.within(TENANT, database -> renewals.lease(database, due)).block(LONG_ENOUGH));
  }

  private GrantedDestinations.Client client(Due due) {
    return Objects.requireNonNull(
        transactions
            .within(TENANT, database -> destinations.find(database, TENANT, due.destination()))
            .block(LONG_ENOUGH));
  }

  private TokenAnswer asked(Due due, String refreshToken) {
    Mono<TokenAnswer> answer =
        endpoint.ask(client(due), TokenRequest.forNext(Secret.of(refreshToken)), null);
    return Objects.requireNonNull(answer.block(LONG_ENOUGH));
  }

  private static void due(String id) throws SQLException {
    sqlOn(id, "refresh_at = now() - interval '1 second'");
  }

  private static Due dueNow(String id) throws SQLException {
    return new Due(TENANT, DestinationId.parse(id), query(id, "version"));
  }

  private static long lostEvents(String id) {
    return TopicContent.of(Topics.EVENTS).stream()
        .filter(record -> new String(record.value()).contains(id))
        .filter(
            record ->
                "postrider.destination.authorization_lost"
                    .equals(new String(record.headers().lastHeader("ce_type").value())))
        .count();
  }
}
