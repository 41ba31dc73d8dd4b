// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static dev.postrider.local.journey.Probing.assertFailed;
import static dev.postrider.local.journey.Probing.assertTaken;
import static dev.postrider.local.journey.Probing.https;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.postrider.test.OldTls;
import dev.postrider.test.ScriptedServer;
import dev.postrider.test.ScriptedServer.Exchange;
import dev.postrider.test.ScriptedServer.Script;
import dev.postrider.test.SynBlackHole;
import dev.postrider.test.TestCertificates;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What verify says of connections that do not come about, stall or break, by number: rows N1 to N3,
 * N13, N14, N19 and N23 of the table in docs/receivers.md.
 */
@ExtendWith(Probing.Shared.class)
class ProbeConnectionsIT {

  private static final String HOST = "127.0.0.1";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String BEGUN = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nbegun";

  private static final TestCertificates CERTIFICATES = new TestCertificates();
  private final Probing probing;

  ProbeConnectionsIT(Probing probing) {
    this.probing = probing;
  }

  /** All are asked at once, since each takes its time. */
  @TestFactory
  Stream<DynamicTest> slow() throws IOException {
    ScriptedServer silent = ScriptedServer.answering("");
    SynBlackHole unconnected = new SynBlackHole();
    ScriptedServer heads = ScriptedServer.answering(x -> x.drip("HTTP/1.1 200 OK\r\nX-A: "));
    ScriptedServer bodies = ScriptedServer.answering(x -> x.drip(BEGUN));
    ExecutorService all = Executors.newVirtualThreadPerTaskExecutor();
    Consumer<JsonNode> timedOut =
        said ->
            assertFailed(
                said,
                "timeout",
                "the request was sent, but no complete answer came within timeout_seconds, of"
                    + " which verify and test wait 12 at most");
    return Stream.of(
            asked(all, "n1 no answer for half a minute", silent.url(), 30, timedOut),
            asked(all, "n1 no answer for four seconds", silent.url(), 4, timedOut),
            asked(
                all,
                "n2 no connection",
                unconnected.url(),
                15,
                said ->
                    assertFailed(
                        said,
                        "connect_timeout",
                        "no connection came about in time: a firewall, or a host that is down")),
            asked(all, "n3 headers that drip", heads.url(), 4, timedOut),
            asked(
                all,
                "n3 a body that drips",
                bodies.url(),
                4,
                said -> {
                  assertTaken(said);
                  assertThat(said.get("response_excerpt").asString()).startsWith("begunxxx");
                }),
            asked(
                all,
                "n19 a handshake that stalls",
                https(silent),
                15,
                said ->
                    assertFailed(
                        said,
                        "tls_timeout",
                        "the receiver did not finish the TLS handshake in time")))
        .onClose(() -> closeAll(all, silent, unconnected, heads, bodies));
  }

  private DynamicTest asked(
      ExecutorService all, String row, String url, int timeout, Consumer<JsonNode> then) {
    JsonNode destination = probing.create(url, ", \"timeout_seconds\": " + timeout);
    var said = CompletableFuture.supplyAsync(() -> probing.verify(destination), all);
    return dynamicTest(row, () -> then.accept(said.get()));
  }

  private static void closeAll(AutoCloseable... opened) {
    for (AutoCloseable each : opened) {
      try {
        each.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void n2SaysThatNothingListens() {
    ScriptedServer receiver = ScriptedServer.answering(OK);
    receiver.close();

    assertFailed(
        probing.verify(receiver.url()),
        "connection_refused",
        "the connection was refused: nothing listens on that port");
  }

  /** To the broadcast address no connection leads, by any route. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void n2SaysThatThereIsNoRoute() {
    assertFailed(
        probing.verify("http://" + Fleet.UNREACHABLE + "/"),
        "host_unreachable",
        "there is no route to the receiver's address");
  }

  static Stream<Arguments> ends() {
    return Stream.of(
        argumentSet("n13 an end", (Script) Exchange::close),
        argumentSet("n13 a reset", (Script) Exchange::reset),
        argumentSet(
            "n13 half an answer",
            (Script)
                x -> {
                  x.send("HTTP/1.1 20");
                  x.close();
                }));
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("ends")
  void saysThatTheReceiverHungUp(Script script) {
    try (ScriptedServer receiver = ScriptedServer.answering(script)) {
      assertFailed(
          probing.verify(receiver.url()),
          "connection_reset",
          "the receiver closed the connection before it had answered");
      assertThat(receiver.exchanges).hasSize(1);
    }
  }

  @Test
  void n13TakesAStatusWhoseBodyBreaksOff() {
    try (ScriptedServer receiver =
        ScriptedServer.answering(
            x -> {
              x.send(BEGUN);
              x.close();
            })) {
      JsonNode said = probing.verify(receiver.url());

      assertTaken(said);
      assertThat(said.get("response_excerpt").asString()).isEqualTo("begun");
    }
  }

  /** All by the worker that has the destination, each on a connection that has just died. */
  @Test
  void n14SaysNothingOfAKeptConnectionThatHasDied() {
    try (ScriptedServer receiver =
        ScriptedServer.answering(
            x -> {
              x.send(OK);
              x.close();
            })) {
      JsonNode destination = probing.create(receiver.url(), "");
      for (int i = 1; i <= 12; i++) {
        assertTaken(probing.verify(destination));
        assertThat(receiver.exchanges).hasSize(i);
      }
    }
  }

  /** A server that fails the handshake, however it is asked. */
  private interface Failing {
    ServerSocket by(TestCertificates certificates) throws Exception;
  }

  static Stream<Arguments> handshakes() {
    return Stream.of(
        argumentSet(
            "n19 expired",
            (Failing) by -> by.expired(HOST),
            "tls_expired",
            "the receiver's certificate is not valid any more, or not yet"),
        argumentSet(
            "n19 self-signed",
            (Failing) by -> by.selfSigned(HOST),
            "tls_untrusted",
            "nobody whom we trust vouches for the receiver's certificate: it is self-signed, or its"
                + " chain is incomplete; upload the certificate to trust"),
        argumentSet(
            "n19 wrong host",
            (Failing) by -> by.server("other.example"),
            "tls_wrong_host",
            "the receiver's certificate is for another name than the URL's"),
        argumentSet(
            "n19 wants a client certificate",
            (Failing) by -> by.asking(HOST),
            "tls_handshake",
            "the TLS handshake failed: the receiver asks for a client certificate, or does not take"
                + " the one that it was shown"),
        argumentSet(
            "n23 speaks HTTP/2 only",
            (Failing) by -> by.http2Only(HOST),
            "no_http1",
            "the receiver speaks HTTP/2 only; HTTP/1.1 is needed"));
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("handshakes")
  void saysWhyThereIsNoTls(Failing failing, String reason, String error) throws Exception {
    try (ScriptedServer receiver =
        ScriptedServer.over(failing.by(CERTIFICATES), exchange -> exchange.send(OK))) {
      assertFailed(
          probing.verifyTrusting(CERTIFICATES.authorityPem(), https(receiver)), reason, error);
      assertThat(receiver.exchanges).isEmpty();
    }
  }

  static Stream<Arguments> greetings() {
    String old = "the receiver speaks nothing newer than TLS 1.1";
    return Stream.of(
        argumentSet("n19 too old, and says so", OldTls.ALERT, "tls_protocol", old),
        argumentSet("n19 too old to know", OldTls.SERVER_HELLO, "tls_protocol", old),
        argumentSet(
            "n19 plain text",
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            "not_tls",
            "the receiver answers in plain text where TLS was spoken: check the port"));
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("greetings")
  void saysThatTheReceiverSpeaksNoTlsOfOurs(String greeting, String reason, String error) {
    try (ScriptedServer receiver = ScriptedServer.greeting(greeting)) {
      assertFailed(probing.verify(https(receiver)), reason, error);
    }
  }
}
