// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.postrider.test.ScriptedServer;
import dev.postrider.test.TestCertificates;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Exceptions;

/** That a receiver must prove the name in the URL, though the guard connects to a bare address. */
class GuardedTlsTest {

  private static TestCertificates certificates;
  private ScriptedServer receiver;

  @BeforeAll
  static void certify() {
    certificates = new TestCertificates();
  }

  @BeforeEach
  void listen() throws Exception {
    receiver =
        ScriptedServer.over(
            certificates.server("good.example"),
            exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void acceptsATrustedCertificateForTheNameInTheUrl() throws Exception {
    try (var client = trusting()) {
      assertThat(client.send(request("good.example", receiver)).block().status()).isEqualTo(200);
    }
  }

  @Test
  void refusesACertificateForAnotherName() throws Exception {
    try (var client = trusting()) {
      assertThat(failure(client, "bad.example")).isInstanceOf(SSLHandshakeException.class);
    }
    assertThat(receiver.exchanges).isEmpty();
  }

  @Test
  void refusesACertificateThatNobodyVouchesFor() throws Exception {
    try (var client = trusting();
        var receiver = ScriptedServer.over(certificates.selfSigned("good.example"), _ -> {})) {
      assertThat(failure(client, "good.example", receiver))
          .isInstanceOf(SSLHandshakeException.class);
      assertThat(receiver.exchanges).isEmpty();
    }
  }

  @Test
  void givesAStalledHandshakeFiveSeconds() throws Exception {
    try (var client = trusting();
        var silent = ScriptedServer.answering("")) {
      assertThat(failure(client, "good.example", silent))
          .isInstanceOf(SslHandshakeTimeoutException.class);
    }
  }

  @Test
  void recognisesPlainTextWhereTlsWasExpected() throws Exception {
    try (var client = trusting();
        var plain = ScriptedServer.greeting("HTTP/1.1 400 Bad Request\r\n\r\n")) {
      assertThat(failure(client, "good.example", plain)).isInstanceOf(NotSslRecordException.class);
    }
  }

  private GuardedHttpClient trusting() throws Exception {
    return TestClients.trusting(certificates.authority(), "good.example", "bad.example");
  }

  private Throwable failure(GuardedHttpClient client, String host) {
    return failure(client, host, receiver);
  }

  private static Throwable failure(GuardedHttpClient client, String host, ScriptedServer receiver) {
    var failure = catchThrowable(() -> client.send(request(host, receiver)).block());
    return Exceptions.unwrap(failure);
  }

  private static Request request(String host, ScriptedServer receiver) {
    var uri = URI.create("https://" + host + ":" + receiver.port() + "/");
    return new Request(
        new Target(uri, Optional.empty()), "POST", List.of(), new byte[0], Duration.ofSeconds(9));
  }
}
