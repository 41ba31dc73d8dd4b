// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.secret.Keyset;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.test.CuttableLink;
import dev.postrider.test.TestKafka;
import dev.postrider.test.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.RequestBodySpec;
import org.springframework.test.web.reactive.server.WebTestClient.RequestHeadersSpec;
import org.springframework.web.reactive.function.client.ClientResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The whole service, once for all tests: real PostgreSQL, real Kafka, real HTTP, own issuer. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import({TestTokens.class, CuttableKafka.class})
public abstract class ApiIT {

  public static final String DESTINATIONS = "/api/v1/integrations/destinations";
  public static final String EVENTS = "/api/v1/events";
  public static final String DELIVERIES = "/api/v1/integrations/deliveries";

  /** Where an issuer of destinations' tokens may stand. */
  public static final int ISSUER_PORT = freePort();

  protected static final CuttableLink POSTGRES_LINK =
      new CuttableLink(TestPostgres.running().host(), TestPostgres.running().port());

  @Autowired protected TestTokens tokens;

  @Value("${local.server.port}")
  protected int port;

  protected WebTestClient http;

  @DynamicPropertySource
  static void environment(DynamicPropertyRegistry properties) throws IOException {
    Path keyset = Files.createTempDirectory("postrider").resolve("keyset.json");
    SecretBox.createKeyset(keyset);
    // As if it had been rotated once: the first key opens still, and nothing is sealed with it.
    Keyset.in(keyset).promote(Keyset.in(keyset).add());
    Map.of(
            "postrider.postgres",
            TestPostgres.running().urlThrough(POSTGRES_LINK.port()),
            "postrider.kafka",
            TestKafka.bootstrapServers(),
            "postrider.partitions",
            "3",
            "postrider.keyset-file",
            keyset.toString(),
            "postrider.egress-allow",
            "127.0.0.1/32:8085,127.0.0.1/32:" + ISSUER_PORT,
            "postrider.allow-unsigned",
            "true",
            "postrider.issuer",
            "http://127.0.0.1:1",
            "postrider.hostname",
            "hooks.example.com",
            "management.server.port",
            "0")
        .forEach((name, value) -> properties.add(name, () -> value));
    properties.add("postrider.tenant-limits.requests-per-second", () -> "100000");
  }

  private static int freePort() {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void connect() {
    http =
        WebTestClient.bindToServer()
            .baseUrl("http://127.0.0.1:" + port)
            .responseTimeout(Duration.ofSeconds(20))
            .filter((request, next) -> next.exchange(request).flatMap(ApiIT::readToTheEnd))
            .build();
  }

  /** Many tests look at the status only; a body that nobody reads would be a leak of Netty's. */
  private static Mono<ClientResponse> readToTheEnd(ClientResponse response) {
    return response
        .bodyToMono(byte[].class)
        .defaultIfEmpty(new byte[0])
        .map(DefaultDataBufferFactory.sharedInstance::wrap)
        .map(body -> response.mutate().body(Flux.just(body)).build());
  }

  /** A request of this user: {@code acme/tenant_admin}. */
  protected RequestBodySpec as(String user, HttpMethod method, String uri) {
    return http.method(method).uri(uri).headers(bearer(user));
  }

  protected RequestBodySpec post(String user, String uri, String json) {
    RequestBodySpec request = as(user, HttpMethod.POST, uri);
    request.contentType(MediaType.APPLICATION_JSON).bodyValue(json);
    return request;
  }

  /** Is answered by a 400 that names all these fields and no others. */
  protected static void refusedFor(RequestHeadersSpec<?> request, String... fields) {
    request
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[*].field")
        .value((List<String> named) -> assertThat(named).containsOnly(fields));
  }

  protected Consumer<HttpHeaders> bearer(String user) {
    return headers -> headers.setBearerAuth(tokens.of(user));
  }

  /** The smallest destination there is. */
  protected static String destination(String name) {
    return """
    {"name": "%s", "endpoint_url": "http://127.0.0.1:8085/hook"}
    """
        .formatted(name);
  }

  /** Creates one and answers its representation. */
  protected Map<String, Object> created(String user, String json) {
    return created(user, DESTINATIONS, json);
  }

  /** Creates something of another kind. */
  @SuppressWarnings("unchecked")
  protected Map<String, Object> created(String user, String uri, String json) {
    return post(user, uri, json)
        .exchange()
        .expectStatus()
        .isCreated()
        .expectBody(Map.class)
        .returnResult()
        .getResponseBody();
  }
}
