// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import static org.awaitility.Awaitility.await;

import dev.postrider.api.ApiIT;
import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestPostgres;
import dev.postrider.test.TopicContent;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** A destination, an issuer, and what goes between them. */
abstract class OAuthIT extends ApiIT {

  static final String ADMIN = "granted/tenant_admin";
  static final TenantId TENANT = new TenantId("granted");
  static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

  @Autowired SecretBox box;

  TestIssuer issuer;

  @BeforeEach
  void open() {
    issuer = new TestIssuer();
  }

  @AfterEach
  void close() throws SQLException {
    sql("update oauth_grants set refresh_at = null");
    issuer.close();
  }

  String withCode(String more) {
    return withAuth(
        """
        "grant_type": "authorization_code", "client_id": "us", "client_secret": "s3cret&more",
        "token_url": "%s", "authorize_url": "http://127.0.0.1:%d/authorize?prompt=consent"%s
        """
            .formatted(issuer.tokenUrl(), TestIssuer.PORT, more));
  }

  String withCredentials(String more) {
    return withAuth(
        """
        "grant_type": "client_credentials", "client_id": "us", "client_secret": "s3cret&more",
        "token_url": "%s"%s
        """
            .formatted(issuer.tokenUrl(), more));
  }

  static String withAuth(String members) {
    return """
    {"name": "granted", "endpoint_url": "http://127.0.0.1:8085/hook",
     "auth": {"type": "oauth2", %s}}
    """
        .formatted(members);
  }

  String create(String json) {
    return created(ADMIN, json).get("id").toString();
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> auth(String id) {
    Map<String, Object> read =
        as(ADMIN, HttpMethod.GET, DESTINATIONS + "/" + id)
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(Map.class)
            .returnResult()
            .getResponseBody();
    return (Map<String, Object>) read.get("auth");
  }

  Object status(String id) {
    return auth(id).get("status");
  }

  void awaitStatus(String id, String status) {
    await().atMost(LONG_ENOUGH).until(() -> status(id).equals(status));
  }

  /** What the browser would be sent to, by parameter. */
  Map<String, String> begin(String id) {
    String url =
        (String)
            as(ADMIN, HttpMethod.POST, DESTINATIONS + "/" + id + "/oauth/authorize")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(Map.class)
                .returnResult()
                .getResponseBody()
                .get("authorization_url");
    return TestIssuer.parameters(URI.create(url).getRawQuery());
  }

  ResponseSpec comeBack(String query) {
    return http.get()
        .uri(URI.create("http://127.0.0.1:" + port + "/portal/oauth" + query))
        .exchange();
  }

  /** A destination that somebody has agreed for. */
  String authorized() {
    String id = create(withCode(""));
    Map<String, String> asked = begin(id);
    comeBack("?state=" + asked.get("state") + "&code=" + issuer.agree(asked)).expectStatus().isOk();
    return id;
  }

  /** The topic follows the row. */
  void awaitToken(String id, String token) {
    await().atMost(LONG_ENOUGH).until(() -> tokenOnTopic(id).equals(Optional.of(token)));
  }

  /** As the worker opens it, of the newest snapshot. */
  Optional<String> tokenOnTopic(String id) {
    return snapshot(id)
        .map(Destination::authentication)
        .map(Authentication.OAuth2.class::cast)
        .flatMap(oauth -> Optional.ofNullable(oauth.accessToken()))
        .map(
            token ->
                box.open(
                        token,
                        Authentication.placeOf(TENANT, DestinationId.parse(id), "access_token"))
                    .revealText());
  }

  static Optional<Destination> snapshot(String id) {
    return TopicContent.of(Topics.DESTINATIONS).reversed().stream()
        .filter(record -> new String(record.key()).equals(id))
        .findFirst()
        .map(record -> ModelJson.readDestination(record.value()));
  }

  /** As the owner, whom no wall keeps from anything. */
  static void sql(String statement) throws SQLException {
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var run = connection.createStatement()) {
      run.execute(statement);
    }
  }

  /** A number that is made of a grant's row. */
  static long query(String id, String expression) throws SQLException {
    return Long.parseLong(
        text(
            "select %s from oauth_grants where destination_id = '%s'"
                .formatted(expression, DestinationId.parse(id).uuid())));
  }

  static String text(String query) throws SQLException {
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var run = connection.createStatement();
        var result = run.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }

  static void sqlOn(String id, String assignments) throws SQLException {
    sql(
        "update oauth_grants set %s where destination_id = '%s'"
            .formatted(assignments, DestinationId.parse(id).uuid()));
  }
}
