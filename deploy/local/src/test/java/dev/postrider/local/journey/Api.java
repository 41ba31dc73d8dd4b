// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.local.LocalStack;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API as an admin and a platform service of a tenant use it. */
final class Api {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> environment;
  private final String tenant;
  private final Map<String, String> tokens = new ConcurrentHashMap<>();

  Api(LocalStack stack, String tenant) {
    this.environment = stack.environment();
    this.tenant = tenant;
  }

  record Answer(int status, JsonNode body, HttpResponse<String> raw) {}

  /** A destination for everything, with the given settings beside it. */
  JsonNode createDestination(String url, String settings) {
    String body = "{\"name\":\"ledger\",\"endpoint_url\":\"%s\"%s}".formatted(url, settings);
    Answer answer = call("tenant_admin", "POST", "/integrations/destinations", body);
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(201);
    return answer.body();
  }

  void deleteDestination(JsonNode destination) {
    String path = "/integrations/destinations/" + destination.get("id").asString();
    assertThat(call("tenant_admin", "DELETE", path, "").status()).isEqualTo(204);
  }

  /** Switches it off; answers with the status. */
  int disable(JsonNode destination) {
    String path = "/integrations/destinations/" + destination.get("id").asString() + "/disable";
    return call("tenant_admin", "POST", path, "").status();
  }

  Answer publish(String contentType, String body, String... headers) {
    return send("publisher", "POST", "/events", body, contentType, headers);
  }

  JsonNode get(String path) {
    Answer answer = call("tenant_admin", "GET", path, "");
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
    return answer.body();
  }

  Answer call(String role, String method, String path, String body) {
    return send(role, method, path, body, "application/json");
  }

  private Answer send(
      String role, String method, String path, String body, String contentType, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(environment.get("POSTRIDER_API") + "/api/v1" + path))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + token(role))
            .header("Content-Type", contentType)
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = exchange(request.build());
    boolean json =
        answer
            .headers()
            .firstValue("content-type")
            .orElse("")
            .matches("application/([a-z]+\\+)?json.*");
    return new Answer(
        answer.statusCode(), json ? JSON.readTree(answer.body()) : JSON.nullNode(), answer);
  }

  private String token(String role) {
    return tokens.computeIfAbsent(role, this::freshToken);
  }

  private String freshToken(String role) {
    String client = URLEncoder.encode(tenant + ":" + role, StandardCharsets.UTF_8);
    String form =
        "grant_type=client_credentials&client_id=%1$s&client_secret=%1$s-secret".formatted(client);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(environment.get("POSTRIDER_ISSUER") + "/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    return JSON.readTree(exchange(request).body()).get("access_token").asString();
  }

  private HttpResponse<String> exchange(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(request.uri() + " does not answer", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
