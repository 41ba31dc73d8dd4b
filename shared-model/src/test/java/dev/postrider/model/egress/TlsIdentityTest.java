// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.postrider.model.secret.Secret;
import dev.postrider.test.ScriptedServer;
import dev.postrider.test.TestCertificates;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.Exceptions;

/** What one destination trusts and shows, and no other. */
class TlsIdentityTest {

  private static final String HOST = "127.0.0.1";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static TestCertificates certificates;

  @BeforeAll
  static void certify() {
    certificates = new TestCertificates();
  }

  @Test
  void trustsASelfSignedCertificateForWhoeverUploadedIt() throws Exception {
    TlsIdentity trusting =
        TlsIdentity.trusting(TlsIdentity.certificates(certificates.pem(HOST, true)));
    try (var client = TestClients.toLoopback();
        var receiver =
            ScriptedServer.over(certificates.selfSigned(HOST), exchange -> exchange.send(OK))) {
      assertThat(client.send(request(receiver, trusting)).block().status()).isEqualTo(200);
      assertThat(failure(client, receiver, null)).isInstanceOf(SSLException.class);
      assertThat(client.send(request(receiver, trusting)).block().status()).isEqualTo(200);
    }
  }

  @Test
  void showsItsCertificateToAReceiverThatAsks() throws Exception {
    TlsIdentity trusting =
        TlsIdentity.trusting(TlsIdentity.certificates(certificates.authorityPem()));
    TlsIdentity showing = trusting.showing(certificates.pem("client", false), key("client"));
    try (var client = TestClients.toLoopback();
        var receiver =
            ScriptedServer.over(certificates.asking(HOST), exchange -> exchange.send(OK))) {
      assertThat(client.send(request(receiver, showing)).block().status()).isEqualTo(200);
      assertThat(failure(client, receiver, trusting)).isInstanceOf(Exception.class);
      assertThat(receiver.exchanges).hasSize(1);
    }
  }

  @Test
  void sharesNoConnectionBetweenIdentities() throws Exception {
    List<TlsIdentity> two =
        List.of(
            TlsIdentity.trusting(TlsIdentity.certificates(certificates.authorityPem())),
            TlsIdentity.trusting(TlsIdentity.certificates(certificates.authorityPem())));
    try (var client = TestClients.toLoopback();
        var receiver =
            ScriptedServer.over(certificates.server(HOST), exchange -> exchange.send(OK))) {
      for (int round = 0; round < 3; round++) {
        two.forEach(
            identity ->
                assertThat(client.send(request(receiver, identity)).block().status())
                    .isEqualTo(200));
      }
      assertThat(receiver.connections).hasValue(2);
    }
  }

  @Test
  void refusesWhatIsNoCertificateOrNoKeyOfIt() throws Exception {
    assertThatThrownBy(() -> TlsIdentity.certificates("no certificate"))
        .hasMessage("must be 1 to 100 X.509 certificates in PEM");
    TlsIdentity none = TlsIdentity.trusting(List.of());
    String pem = certificates.pem("client", false);
    assertThatThrownBy(() -> none.showing(pem, key("other")))
        .hasMessage("must be the key of the client certificate");
    assertThatThrownBy(() -> none.showing(pem, Secret.of("no key")))
        .hasMessage("must be a PKCS #8 key in PEM, without a password");
  }

  private static Secret key(String name) throws Exception {
    return Secret.of(certificates.keyPem(name));
  }

  private static Throwable failure(
      GuardedHttpClient client, ScriptedServer receiver, @Nullable TlsIdentity identity) {
    return Exceptions.unwrap(
        catchThrowable(() -> client.send(request(receiver, identity)).block()));
  }

  private static Request request(ScriptedServer receiver, @Nullable TlsIdentity identity) {
    var uri = URI.create("https://" + HOST + ":" + receiver.port() + "/");
    return new Request(
        new Target(uri, Optional.empty()),
        "POST",
        List.of(),
        new byte[0],
        Duration.ofSeconds(9),
        identity);
  }
}
