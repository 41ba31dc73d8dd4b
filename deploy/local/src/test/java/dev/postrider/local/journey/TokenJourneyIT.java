// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postrider.local.Home;
import dev.postrider.local.LocalStack;
import dev.postrider.local.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * O3 of the feature list: a real authorization server, a receiver that takes its tokens only, and a
 * person who logs in there and comes back.
 */
@Tag("soak") // a stack of its own, and half a minute of waiting: the gate has its parts
class TokenJourneyIT {

  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir private static Path directory;

  private static LocalStack stack;
  private static Api api;
  private static Platform platform;
  private static Records records;
  private static HttpServer receiver;

  /** Tokens that are taken no longer, and what came with which. */
  private static final Set<String> revoked = ConcurrentHashMap.newKeySet();

  private static final Map<String, String> taken = new ConcurrentHashMap<>();
  private static final Set<String> seen = ConcurrentHashMap.newKeySet();

  @BeforeAll
  static void start() throws InterruptedException, IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", TokenJourneyIT::take);
    receiver.start();
    Home home = Home.of(Path.of("../..")).at(directory);
    stack =
        LocalStack.start(Settings.onFreePorts(home).with("POSTRIDER_EGRESS_ALLOW", "127.0.0.1/32"));
    api = new Api(stack, "acme");
    platform = new Platform(stack, "acme");
    records = new Records(stack);
  }

  @AfterAll
  static void stop() {
    platform.close();
    stack.close();
    receiver.stop(0);
  }

  private static void take(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    boolean good = token.startsWith("Bearer ey") && !revoked.contains(token);
    seen.add(token);
    if (good) {
      taken.put(exchange.getRequestHeaders().getFirst("webhook-id"), token);
    }
    exchange.sendResponseHeaders(good ? 200 : 401, -1);
    exchange.close();
  }

  @Test
  void o3DeliversWithATokenOfItsOwnAndWithAnotherWhenThatIsRevoked() throws Exception {
    JsonNode destination =
        create(
            """
            "grant_type": "client_credentials", "client_id": "acme:publisher",
            "client_secret": "acme:publisher-secret"
            """);
    awaitStatus(destination, "authorized");
    publish(1);
    await().atMost(LONG).until(() -> taken.size() == 1);
    records.run("update oauth_grants set granted_at = granted_at - interval '5 minutes'");
    revoked.addAll(seen);

    publish(200);

    await().atMost(LONG).until(() -> taken.size() == 201);
    assertThat(Set.copyOf(taken.values())).hasSize(2);
    assertThat(renewals()).isEqualTo(2);
    await().atMost(LONG).until(() -> deliveries(destination, "delivered") == 201);
    api.deleteDestination(destination);
    taken.clear();
  }

  @Test
  void o3DeliversWithWhatSomebodyHasAgreedToAndRenewsIt() throws Exception {
    JsonNode destination =
        create(
            """
            "grant_type": "authorization_code", "client_id": "deliveries",
            "client_secret": "deliveries-secret", "scope": "profile",
            "authorize_url": "%s/oauth2/authorize"
            """
                .formatted(stack.environment().get("POSTRIDER_ISSUER")));
    publish(3);
    await().atMost(LONG).until(() -> deliveries(destination, "waiting_authorization") == 3);
    String url =
        api.call("tenant_admin", "POST", path(destination) + "/oauth/authorize", "")
            .body()
            .get("authorization_url")
            .asString();

    assertThat(Person.agrees(url)).contains("data-status=\"authorized\"");

    await().atMost(LONG).until(() -> deliveries(destination, "delivered") == 3);
    for (int i = 1; i <= 3; i++) {
      String before = version(destination);
      records.run("update oauth_grants set refresh_at = now()");
      await().atMost(LONG).until(() -> !version(destination).equals(before));
      assertThat(status(destination)).isEqualTo("authorized");
    }
    publish(1);
    await().atMost(LONG).until(() -> deliveries(destination, "delivered") == 4);
    api.deleteDestination(destination);
    taken.clear();
  }

  private static JsonNode create(String auth) {
    return api.createDestination(
        "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook",
        ",\"auth\": {\"type\": \"oauth2\", \"token_url\": \"%s/oauth2/token\", %s}"
            .formatted(stack.environment().get("POSTRIDER_ISSUER"), auth));
  }

  private static String path(JsonNode destination) {
    return "/integrations/destinations/" + destination.get("id").asString();
  }

  private static String status(JsonNode destination) {
    return api.get(path(destination)).get("auth").get("status").asString();
  }

  private static void awaitStatus(JsonNode destination, String status) {
    await().atMost(LONG).until(() -> status(destination).equals(status));
  }

  private static void publish(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      platform.send("token-" + i, "{}");
    }
    platform.flush();
  }

  private static int deliveries(JsonNode destination, String state) {
    String query = "?limit=250&destination_id=%s&state=%s";
    return api.get(
            "/integrations/deliveries" + query.formatted(destination.get("id").asString(), state))
        .get("items")
        .size();
  }

  private static int renewals() throws IOException {
    return (int)
        Scrape.of(stack.environment().get("POSTRIDER_API_MANAGEMENT"))
            .sum("postrider_oauth_refresh_total", "result=\"renewed\"");
  }

  private static String version(JsonNode destination) {
    return records.text(
        "select version from oauth_grants where destination_id = '%s'"
            .formatted(destination.get("id").asString().substring("dst_".length())));
  }
}
