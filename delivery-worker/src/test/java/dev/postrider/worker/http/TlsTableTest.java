// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Outcome.Accepted;
import dev.postrider.model.delivery.Outcome.Cause;
import dev.postrider.model.delivery.Outcome.Unreachable;
import dev.postrider.model.egress.TestClients;
import dev.postrider.test.OldTls;
import dev.postrider.test.ScriptedServer;
import dev.postrider.test.TestCertificates;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a handshake can fail, by number: rows N19 and N23 of the table in docs/receivers.md. */
class TlsTableTest {

  private static final String NAME = "receiver.example.com";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private static TestCertificates certificates;
  private static TestSender sender;

  @BeforeAll
  static void certify() throws Exception {
    certificates = new TestCertificates();
    sender = new TestSender(TestClients.trusting(certificates.authority(), NAME));
  }

  @AfterAll
  static void close() {
    sender.close();
  }

  @Test
  void n19AcceptsAGoodCertificate() throws Exception {
    try (var receiver = answering(certificates.server(NAME))) {
      assertThat(sender.outcome(https(receiver))).isEqualTo(new Accepted(200));
    }
  }

  @Test
  void n19NamesACertificateThatHasExpired() throws Exception {
    assertFails(answering(certificates.expired(NAME)), Cause.TLS_EXPIRED);
  }

  @Test
  void n19NamesACertificateThatNobodyVouchesFor() throws Exception {
    assertFails(answering(certificates.selfSigned(NAME)), Cause.TLS_UNTRUSTED);
  }

  @Test
  void n19NamesACertificateForAnotherHost() throws Exception {
    assertFails(answering(certificates.server("other.example.com")), Cause.TLS_WRONG_HOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {OldTls.ALERT, OldTls.SERVER_HELLO})
  void n19NamesAReceiverThatIsTooOldForOurTls(String hello) {
    assertFails(ScriptedServer.greeting(hello), Cause.TLS_PROTOCOL);
  }

  @Test
  void n19NamesPlainTextWhereTlsWasExpected() {
    assertFails(ScriptedServer.greeting("HTTP/1.1 400 Bad Request\r\n\r\n"), Cause.NOT_TLS);
  }

  @Test
  void n19GivesAHandshakeFiveSeconds() {
    try (var receiver = ScriptedServer.answering("")) {
      var attempt = sender.send(https(receiver), Duration.ofSeconds(8));

      assertThat(attempt.outcome()).isEqualTo(new Unreachable(Cause.TLS_TIMEOUT));
      assertThat(attempt.duration()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(7));
    }
  }

  @Test
  void n19TellsThatAClientCertificateIsAskedFor() throws Exception {
    try (var receiver = answering(certificates.asking(NAME))) {
      var attempt = sender.send(https(receiver), TestSender.TIMEOUT);

      assertThat(attempt.outcome()).isEqualTo(new Unreachable(Cause.TLS_HANDSHAKE));
      assertThat(attempt.responseExcerpt())
          .startsWith("the receiver asks for a client certificate");
    }
  }

  @Test
  void n23NamesAReceiverThatSpeaksHttp2Only() throws Exception {
    assertFails(answering(certificates.http2Only(NAME)), Cause.NO_HTTP1);
  }

  private static ScriptedServer answering(ServerSocket socket) {
    return ScriptedServer.over(socket, exchange -> exchange.send(OK));
  }

  private static void assertFails(ScriptedServer receiver, Cause cause) {
    try (receiver) {
      assertThat(sender.outcome(https(receiver))).isEqualTo(new Unreachable(cause));
      assertThat(receiver.exchanges).isEmpty();
    }
  }

  private static String https(ScriptedServer receiver) {
    return "https://" + NAME + ":" + receiver.port() + "/";
  }
}
