// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.test.ScriptedServer;
import dev.postrider.test.TestCertificates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Verify and test, answered by real workers about receivers that misbehave. */
@ExtendWith(Fleet.Shared.class)
class ProbesIT {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static TestCertificates certificates;
  private static Api api;

  private final List<JsonNode> created = new ArrayList<>();

  @BeforeAll
  static void everythingRuns(Fleet fleet) throws InterruptedException {
    fleet.stack().restore();
    api = fleet.api();
    certificates = new TestCertificates();
  }

  @AfterEach
  void forgetDestinations() {
    created.forEach(api::deleteDestination);
  }

  @Test
  void o26SendsTheSampleWithRealAuthenticationHeadersAndMethodAndCountsNothing() {
    String sample = "{ \\\"fields\\\": {\\\"project\\\": \\\"TEST\\\"} }";
    try (ScriptedServer receiver = ScriptedServer.answering(OK)) {
      JsonNode destination =
          create(
              receiver.url(),
              """
              , "http_method": "PUT", "headers": [{"key": "X-Env", "value": "prod"}],
              "content_sample": "%s", "enabled": false,
              "auth": {"type": "basic", "username": "u", "password": "geheim-1234"}
              """
                  .formatted(sample));

      JsonNode answer = command(destination, "verify");

      assertThat(answer.get("ok").asBoolean()).isTrue();
      assertThat(answer.get("http_status").asInt()).isEqualTo(200);
      assertThat(answer.get("response_excerpt").asString()).isEqualTo("ok");
      assertThat(answer.get("duration_ms").asLong()).isNotNegative();
      assertThat(answer.get("error").isNull()).isTrue();
      assertThat(answer.toString()).doesNotContain("geheim");
      ScriptedServer.Exchange request = receiver.exchanges.getFirst();
      assertThat(request.head()).startsWith("PUT /");
      assertThat(request.header("x-env")).isEqualTo("prod");
      assertThat(request.header("authorization")).startsWith("Basic ");
      assertThat(request.header("webhook-signature")).startsWith("v1,");
      assertThat(request.body()).isEqualTo("{ \"fields\": {\"project\": \"TEST\"} }");
      String deliveries = "/integrations/deliveries?destination_id=" + id(destination);
      assertThat(api.get(deliveries).get("items")).isEmpty();
    }
  }

  @Test
  void o16SendsExactlyTheSampleWhateverItIs() {
    try (ScriptedServer receiver = ScriptedServer.answering(OK)) {
      JsonNode destination =
          create(
              receiver.url(),
              """
              , "payload_format": "cloudevents_structured", "content_sample": "a=1 &\\tb=2\\n"
              """);

      assertThat(command(destination, "verify").get("ok").asBoolean()).isTrue();
      assertThat(receiver.exchanges.getFirst().body()).isEqualTo("a=1 &\tb=2\n");
      assertThat(receiver.exchanges.getFirst().header("content-type")).isEqualTo("text/plain");
    }
  }

  @Test
  void z11SendsASyntheticEventInTheDestinationsFormat() {
    try (ScriptedServer receiver = ScriptedServer.answering(OK)) {
      JsonNode destination = create(receiver.url(), ", \"payload_format\": \"standard_webhooks\"");
      String path = "/integrations/destinations/" + id(destination) + "/test";

      Api.Answer answer =
          api.call("operator", "POST", path, "{\"event_type\": \"incident.triggered\"}");

      assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
      assertThat(answer.body().get("ok").asBoolean()).isTrue();
      assertThat(receiver.exchanges.getFirst().body())
          .startsWith("{\"type\":\"incident.triggered\"")
          .contains("\"title\":\"Webhook Test Title\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          HTTP/1.1 401 No | http_4xx | the receiver answered 401: check the authentication and what it is allowed to do
          HTTP/1.1 404 No | http_4xx | the receiver answered 404: check the path of the URL
          HTTP/1.1 302 To | http_3xx | the receiver answered 302: redirects are not followed; configure the URL that it redirects to
          HTTP/1.1 410 No | http_410 | the receiver answered 410: on a real delivery this would switch the destination off
          HTTP/1.1 429 No | http_429 | the receiver answered 429: it takes fewer requests; set limits.requests_per_second
          HTTP/1.1 500 No | http_5xx | the receiver answered 500
          SSH-2.0-OpenSSH | protocol_error | what came is no HTTP/1.1 answer
          """)
  void b22SaysWhatTheReceiverAnswered(String status, String reason, String error) {
    try (ScriptedServer receiver =
        ScriptedServer.answering(status + "\r\nContent-Length: 0\r\n\r\n")) {
      assertAnswer(verify(receiver.url()), reason, error);
    }
  }

  @Test
  void saysThatNothingListens() {
    ScriptedServer receiver = ScriptedServer.answering(OK);
    receiver.close();

    assertAnswer(
        verify(receiver.url()),
        "connection_refused",
        "the connection was refused: nothing listens on that port");
  }

  @Test
  void saysThatTheReceiverHungUp() {
    try (ScriptedServer receiver = ScriptedServer.answering(ScriptedServer.Exchange::close)) {
      assertAnswer(
          verify(receiver.url()),
          "connection_reset",
          "the receiver closed the connection before it answered");
    }
  }

  @Test
  void saysWithinFifteenSecondsThatNoAnswerCame() {
    try (ScriptedServer receiver = ScriptedServer.answering("")) {
      JsonNode destination = create(receiver.url(), ", \"timeout_seconds\": 30");

      JsonNode answer = command(destination, "verify");

      assertAnswer(answer, "timeout", "the request was sent, but no answer came in time");
      assertThat(Duration.ofMillis(answer.get("duration_ms").asLong()))
          .isLessThan(Duration.ofSeconds(14));
    }
  }

  @Test
  void o15SaysWhatIsWrongWithACertificateUntilItIsTrusted() throws Exception {
    try (ScriptedServer receiver = over(certificates.selfSigned("127.0.0.1"))) {
      JsonNode destination = create(https(receiver), "");
      assertAnswer(
          command(destination, "verify"),
          "tls_untrusted",
          "nobody whom we trust vouches for the receiver's certificate: it is self-signed, or its"
              + " chain is incomplete; upload the certificate to trust");

      String path = "/integrations/destinations/" + id(destination) + "/certificate";
      String pem = certificates.pem("127.0.0.1", true);
      assertThat(api.call("tenant_admin", "PUT", path, pem).status()).isEqualTo(200);

      assertThat(command(destination, "verify").get("ok").asBoolean()).isTrue();
      assertAnswer(verify(https(receiver)), "tls_untrusted", null);
    }
  }

  @Test
  void saysThatACertificateIsForAnotherNameOrExpired() throws Exception {
    try (ScriptedServer other = over(certificates.server("other.example"));
        ScriptedServer expired = over(certificates.expired("127.0.0.1"))) {
      assertAnswer(
          trusting(https(other)),
          "tls_wrong_host",
          "the receiver's certificate is for another name than the URL's");
      assertAnswer(
          trusting(https(expired)),
          "tls_expired",
          "the receiver's certificate is not valid any more, or not yet");
    }
  }

  @Test
  void saysThatTheReceiverSpeaksPlainText() {
    try (ScriptedServer receiver = ScriptedServer.greeting("HTTP/1.1 400 Bad Request\r\n\r\n")) {
      assertAnswer(
          verify(https(receiver)),
          "not_tls",
          "the receiver answers in plain text where TLS was spoken: check the port");
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          WebHook-Allowed-Origin: *                                    | active   |
          WebHook-Allowed-Origin: postrider~WebHook-Allowed-Rate: 120 | active   |
          Allow: POST                                                  | disabled | the receiver grants no permission: it names no WebHook-Allowed-Origin
          WebHook-Allowed-Origin: other.example                        | disabled | the receiver grants no permission: it allows other.example, we are postrider
          WebHook-Allowed-Origin: *~WebHook-Allowed-Rate: often       | disabled | the receiver grants no permission: its WebHook-Allowed-Rate is no number of requests a minute
          """)
  void b26GoesLiveWhenTheReceiverGrantsPermission(String headers, String status, String reason) {
    String answer = "HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 0\r\n\r\n";
    try (ScriptedServer receiver =
        ScriptedServer.answering(answer.formatted(headers.replace("~", "\r\n")))) {
      JsonNode destination = create(receiver.url(), ", \"handshake\": \"cloudevents\"");

      assertThat(destination.get("status").asString()).isEqualTo(status);
      assertThat(destination.get("status_reason").asString(null)).isEqualTo(reason);
      assertThat(destination.get("signing").get("secret").asString()).startsWith("whsec_");
      ScriptedServer.Exchange request = receiver.exchanges.getFirst();
      assertThat(request.head()).startsWith("OPTIONS /");
      assertThat(request.header("webhook-request-origin")).isEqualTo("postrider");
      command(destination, "verify");
      assertThat(receiver.exchanges.getLast().header("origin")).isEqualTo("postrider");
    }
  }

  private static ScriptedServer over(SSLServerSocket socket) {
    return ScriptedServer.over(socket, exchange -> exchange.send(OK));
  }

  private static String https(ScriptedServer receiver) {
    return "https://127.0.0.1:" + receiver.port() + "/hook";
  }

  private JsonNode trusting(String url) throws Exception {
    JsonNode destination = create(url, "");
    String path = "/integrations/destinations/" + id(destination) + "/certificate";
    api.call("tenant_admin", "PUT", path, certificates.authorityPem());
    return command(destination, "verify");
  }

  private JsonNode verify(String url) {
    return command(create(url, ""), "verify");
  }

  private JsonNode create(String url, String settings) {
    JsonNode destination = api.createDestination(url, settings);
    created.add(destination);
    return destination;
  }

  private static JsonNode command(JsonNode destination, String command) {
    String path = "/integrations/destinations/" + id(destination) + "/" + command;
    Api.Answer answer = api.call("operator", "POST", path, "");
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
    return answer.body();
  }

  private static String id(JsonNode destination) {
    return destination.get("id").asString();
  }

  private static void assertAnswer(JsonNode answer, String reason, String error) {
    assertThat(answer.get("ok").asBoolean()).isFalse();
    assertThat(answer.get("reason").asString()).isEqualTo(reason);
    if (error != null) {
      assertThat(answer.get("error").asString()).isEqualTo(error);
    }
  }
}
