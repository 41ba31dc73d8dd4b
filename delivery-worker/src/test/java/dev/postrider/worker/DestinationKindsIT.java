// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static dev.postrider.model.event.EventFilter.Comparison.EXACT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Probe;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.destination.TlsSettings;
import dev.postrider.model.event.EventFilter;
import dev.postrider.model.event.EventId;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.ProbeCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.ScriptedServer;
import dev.postrider.test.TestCertificates;
import dev.postrider.test.TopicContent;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a destination can be, as its receiver sees it. */
class DestinationKindsIT {

  private static final String OTHER_KEY = "whsec_T3RoZXIga2V5IG9mIHRoaXJ0eS10d28gYnl0ZXMh";
  private static final String DATA = "{ \"city\": \"Zürich\", \"severity\": \"high\" }";
  private static final TopicContent<ConsumerRecord<byte[], byte[]>> REPLIES =
      new TopicContent<>(Topics.PROBE_REPLIES, Stream::of);
  private static TestWorker worker;

  @BeforeAll
  static void startWorker() {
    worker = TestWorker.start();
  }

  @AfterAll
  static void stopWorker() {
    REPLIES.close();
    worker.close();
  }

  @Test
  void o14SendsUsernameAndPassword() throws Exception {
    TestReceiver.Received request =
        received(
            usual ->
                TestDestinations.with(
                    usual,
                    new Authentication.Basic("Jörg", worker.sealed(usual, "password", "ge:heim"))));

    String expected = Base64.getEncoder().encodeToString("Jörg:ge:heim".getBytes(UTF_8));
    assertThat(request.header("authorization")).isEqualTo("Basic " + expected);
    assertThat(report(request).attempt().requestHeaders().text())
        .contains("Authorization: ***")
        .doesNotContain(expected);
  }

  @Test
  void b11SendsATokenOrAKey() throws Exception {
    TestReceiver.Received bearer =
        received(
            usual ->
                TestDestinations.with(
                    usual, new Authentication.Bearer(worker.sealed(usual, "token", "t0ken"))));
    TestReceiver.Received apiKey =
        received(
            usual ->
                TestDestinations.with(
                    usual,
                    new Authentication.ApiKey("X-Api-Key", worker.sealed(usual, "value", "k3y"))));

    assertThat(bearer.header("authorization")).isEqualTo("Bearer t0ken");
    assertThat(apiKey.header("x-api-key")).isEqualTo("k3y");
    assertThat(report(apiKey).attempt().requestHeaders().text()).contains("X-Api-Key: ***");
  }

  @Test
  void b11ShowsItsCertificateAndO15TrustsTheReceivers() throws Exception {
    TestCertificates certificates = new TestCertificates();
    try (ScriptedServer receiver =
        ScriptedServer.over(
            certificates.asking("127.0.0.1"),
            exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))) {
      String url = "https://127.0.0.1:" + receiver.port() + "/hook";
      String anchors = certificates.authorityPem();
      String certificate = certificates.pem("client", false);
      String key = certificates.keyPem("client");
      Destination trusting =
          worker.changed(
              usual ->
                  TestDestinations.with(
                      usual,
                      new TlsSettings(
                          anchors, certificate, worker.sealed(usual, "client_key", key))),
              url);
      Destination distrusting = worker.changed(usual -> usual, url);

      assertThat(probe(trusting).attempt().outcome()).isEqualTo(new Outcome.Accepted(200));
      assertThat(probe(distrusting).attempt().outcome())
          .isEqualTo(new Outcome.Unreachable(Outcome.Cause.TLS_UNTRUSTED));
      assertThat(receiver.exchanges).hasSize(1);
    }
  }

  @Test
  void b14SignsWithEveryKeyThatHasNotExpired() throws Exception {
    TestReceiver.Received request =
        received(
            usual ->
                signed(
                    usual,
                    "standard_webhooks",
                    worker.key(usual, OTHER_KEY, null),
                    worker.key(usual, TestWorker.KEY, Instant.now().plusSeconds(60)),
                    worker.key(usual, OTHER_KEY, Instant.now().minusSeconds(1))));

    assertThat(request.header("webhook-signature").split(" ")).hasSize(2);
    worker.verifySignature(request);
  }

  @Test
  void z10SignsTheBodyInTheFormThatZendutysVerifierMakesOfIt() throws Exception {
    String secret = "a signing key that Zenduty knows";
    TestReceiver.Received request =
        received(
            usual ->
                formatted(
                    signed(usual, "zenduty", worker.key(usual, secret, null)), PayloadFormat.RAW));

    assertThat(new String(request.body(), UTF_8))
        .isEqualTo("{\"city\": \"Z\\u00fcrich\", \"severity\": \"high\"}");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    assertThat(request.header("X-SIGNATURE"))
        .isEqualTo(Base64.getEncoder().encodeToString(mac.doFinal(request.body())));
  }

  @Test
  void p9SignsByRfc9421() throws Exception {
    TestReceiver.Received request =
        received(usual -> signed(usual, "rfc9421_hmac", worker.key(usual, TestWorker.KEY, null)));

    String digest =
        Base64.getEncoder()
            .encodeToString(MessageDigest.getInstance("SHA-256").digest(request.body()));
    assertThat(request.header("Content-Digest")).isEqualTo("sha-256=:" + digest + ":");
    assertThat(request.header("Signature-Input"))
        .matches(
            "sig1=\\(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\""
                + " \"webhook-id\"\\);created=[0-9]+;keyid=\"dst_[^\"]+\"");
    assertThat(request.header("Signature")).matches("sig1=:[A-Za-z0-9+/=]{44}:");
  }

  @Test
  void b8SendsOnlyWhatTheFiltersLetThrough() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe(
          usual ->
              TestDestinations.with(
                  usual, new EventFilter.Texts(EXACT, Map.of("data.severity", "high"))),
          receiver.url());
      worker.publish(TestEvents.of("filtered.low", "{\"severity\": \"low\"}"));
      worker.publish(TestEvents.of("filtered.none", "no json"));
      worker.publish(TestEvents.of("filtered.high", DATA));

      assertThat(receiver.take().header("ce-type")).isEqualTo("filtered.high");
      assertThat(receiver.count()).isEqualTo(1);
    }
  }

  @Test
  void z3SendsEventsOfOneServiceOnly() throws Exception {
    String incident = "{\"service\": {\"unique_id\": \"%s\"}}";
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe(
          usual ->
              TestDestinations.with(
                  usual, new EventFilter.Texts(EXACT, Map.of("data.service.unique_id", "core"))),
          receiver.url());
      worker.publish(TestEvents.of("incident.triggered", incident.formatted("edge")));
      worker.publish(TestEvents.of("incident.resolved", incident.formatted("core")));

      assertThat(receiver.take().header("ce-type")).isEqualTo("incident.resolved");
      assertThat(receiver.count()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          CLOUDEVENTS_BINARY     | application/json             | { "city": "Zürich", "severity": "high" }
          RAW                    | application/json             | { "city": "Zürich", "severity": "high" }
          STANDARD_WEBHOOKS      | application/json             | "data":{ "city": "Zürich", "severity": "high" }}
          CLOUDEVENTS_STRUCTURED | application/cloudevents+json | "data":{ "city": "Zürich", "severity": "high" }}
          """)
  void b22SendsInTheFormatThatWasChosen(PayloadFormat format, String type, String end)
      throws Exception {
    TestReceiver.Received request = received(usual -> formatted(usual, format));

    assertThat(request.header("content-type")).isEqualTo(type);
    assertThat(new String(request.body(), UTF_8)).endsWith(end);
    assertThat(request.header("ce-id") != null)
        .isEqualTo(format == PayloadFormat.CLOUDEVENTS_BINARY);
    worker.verifySignature(request);
  }

  @Test
  void o12SendsWithTheMethodThatWasChosen() throws Exception {
    TestReceiver.Received put = received(usual -> with(usual, "PUT"));
    TestReceiver.Received get = received(usual -> with(usual, "GET"));

    assertThat(put.request().getMethod()).isEqualTo("PUT");
    assertThat(new String(put.body(), UTF_8)).isEqualTo(DATA);
    assertThat(get.request().getMethod()).isEqualTo("GET");
    assertThat(get.body()).isEmpty();
    assertThat(get.header("content-type")).isNull();
  }

  @Test
  void o13AndZ16SendHeadersByteForByte() throws Exception {
    TestReceiver.Received request =
        received(
            usual ->
                usual.with(
                    new HttpRequestSettings(
                        usual.request().endpoint(),
                        "POST",
                        List.of(new HttpHeader("x-ENV", "a  b;\"c\"")),
                        PayloadFormat.RAW,
                        null,
                        usual.request().timeout())));

    assertThat(request.header("x-env")).isEqualTo("a  b;\"c\"");
    assertThat(request.request().getHeaders().names()).contains("x-ENV");
  }

  private static TestReceiver.Received received(Function<Destination, Destination> change)
      throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe(change::apply, receiver.url());
      worker.publish(TestEvents.of("some.kind", DATA));
      return receiver.take();
    }
  }

  private static Report report(TestReceiver.Received request) {
    return worker.reportsOf(request.header("webhook-id"), 1).getFirst();
  }

  /** Asks as config-api would. */
  private static Report probe(Destination destination) throws Exception {
    Instant now = Instant.now();
    Delivery delivery =
        Delivery.first(
            TestEvents.of("postrider.verify", DATA).at(new EventId(now, 0, 0)), destination.id());
    ProducerRecord<byte[], byte[]> record =
        ProbeCodec.write(new Probe(destination, delivery, now.plusSeconds(10)), now);
    byte[] correlation = delivery.id().toString().getBytes(UTF_8);
    record.headers().add("kafka_correlationId", correlation);
    worker.send(record);
    return Awaitility.await()
        .until(
            () -> REPLIES.all().stream().filter(reply -> answers(reply, correlation)).findFirst(),
            Optional::isPresent)
        .map(reply -> ModelJson.readReport(reply.value()))
        .orElseThrow();
  }

  private static boolean answers(ConsumerRecord<byte[], byte[]> reply, byte[] correlation) {
    return MessageDigest.isEqual(
        reply.headers().lastHeader("kafka_correlationId").value(), correlation);
  }

  private static Destination signed(Destination usual, String scheme, Signing.Key... keys) {
    return TestDestinations.with(usual, new Signing(scheme, null, List.of(keys)));
  }

  private static Destination formatted(Destination usual, PayloadFormat format) {
    HttpRequestSettings request = usual.request();
    return usual.with(
        new HttpRequestSettings(
            request.endpoint(), "POST", List.of(), format, null, request.timeout()));
  }

  private static Destination with(Destination usual, String method) {
    HttpRequestSettings request = usual.request();
    return usual.with(
        new HttpRequestSettings(
            request.endpoint(),
            method,
            List.of(),
            PayloadFormat.CLOUDEVENTS_BINARY,
            null,
            request.timeout()));
  }
}
