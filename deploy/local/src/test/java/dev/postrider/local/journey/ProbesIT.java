// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static dev.postrider.local.journey.Probing.assertFailed;
import static dev.postrider.local.journey.Probing.assertTaken;
import static dev.postrider.local.journey.Probing.https;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.test.ScriptedServer;
import dev.postrider.test.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Verify, test and the handshake, asked of real workers. What they say of receivers that misbehave
 * stands in {@link ProbeAnswersIT} and {@link ProbeConnectionsIT}.
 */
@ExtendWith(Probing.Shared.class)
class ProbesIT {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final TestCertificates CERTIFICATES = new TestCertificates();
  private final Probing probing;

  ProbesIT(Probing probing) {
    this.probing = probing;
  }

  @Test
  void o26SendsTheSampleWithRealAuthenticationHeadersAndMethodAndCountsNothing() {
    String sample = "{ \\\"fields\\\": {\\\"project\\\": \\\"TEST\\\"} }";
    try (ScriptedServer receiver = ScriptedServer.answering(OK)) {
      JsonNode destination =
          probing.create(
              receiver.url(),
              """
              , "http_method": "PUT", "headers": [{"key": "X-Env", "value": "prod"}],
              "content_sample": "%s", "enabled": false,
              "auth": {"type": "basic", "username": "u", "password": "geheim-1234"}
              """
                  .formatted(sample));

      JsonNode answer = probing.verify(destination);

      assertTaken(answer);
      assertThat(answer.get("response_excerpt").asString()).isEqualTo("ok");
      assertThat(answer.toString()).doesNotContain("geheim");
      ScriptedServer.Exchange request = receiver.exchanges.getFirst();
      assertThat(request.head()).startsWith("PUT /");
      assertThat(request.header("x-env")).isEqualTo("prod");
      assertThat(request.header("authorization")).startsWith("Basic ");
      assertThat(request.header("webhook-signature")).startsWith("v1,");
      assertThat(request.body()).isEqualTo("{ \"fields\": {\"project\": \"TEST\"} }");
      assertThat(probing.deliveries(destination)).isEmpty();
    }
  }

  @Test
  void o16SendsExactlyTheSampleWhateverItIs() {
    try (ScriptedServer receiver = ScriptedServer.answering(OK)) {
      JsonNode destination =
          probing.create(
              receiver.url(),
              """
              , "payload_format": "cloudevents_structured", "content_sample": "a=1 &\\tb=2\\n"
              """);

      assertTaken(probing.verify(destination));
      assertThat(receiver.exchanges.getFirst().body()).isEqualTo("a=1 &\tb=2\n");
      assertThat(receiver.exchanges.getFirst().header("content-type")).isEqualTo("text/plain");
    }
  }

  @Test
  void z11SendsASyntheticEventInTheDestinationsFormat() {
    try (ScriptedServer receiver = ScriptedServer.answering(OK)) {
      JsonNode destination =
          probing.create(receiver.url(), ", \"payload_format\": \"standard_webhooks\"");

      assertTaken(probing.test(destination, "{\"event_type\": \"incident.triggered\"}"));
      assertThat(receiver.exchanges.getFirst().body())
          .startsWith("{\"type\":\"incident.triggered\"")
          .contains("\"title\":\"Webhook Test Title\"");
    }
  }

  @Test
  void o15SaysWhatIsWrongWithACertificateUntilItIsTrusted() throws Exception {
    String untrusted =
        "nobody whom we trust vouches for the receiver's certificate: it is self-signed, or its"
            + " chain is incomplete; upload the certificate to trust";
    try (ScriptedServer receiver =
        ScriptedServer.over(CERTIFICATES.selfSigned("127.0.0.1"), x -> x.send(OK))) {
      JsonNode destination = probing.create(https(receiver), "");
      assertFailed(probing.verify(destination), "tls_untrusted", untrusted);

      probing.trust(destination, CERTIFICATES.pem("127.0.0.1", true));

      assertTaken(probing.verify(destination));
      assertFailed(probing.verify(https(receiver)), "tls_untrusted", untrusted);
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
      JsonNode destination = probing.create(receiver.url(), ", \"handshake\": \"cloudevents\"");

      assertThat(destination.get("status").asString()).isEqualTo(status);
      assertThat(destination.get("status_reason").asString(null)).isEqualTo(reason);
      assertThat(destination.get("signing").get("secret").asString()).startsWith("whsec_");
      ScriptedServer.Exchange request = receiver.exchanges.getFirst();
      assertThat(request.head()).startsWith("OPTIONS /");
      assertThat(request.header("webhook-request-origin")).isEqualTo("postrider");
      probing.verify(destination);
      assertThat(receiver.exchanges.getLast().header("origin")).isEqualTo("postrider");
    }
  }
}
