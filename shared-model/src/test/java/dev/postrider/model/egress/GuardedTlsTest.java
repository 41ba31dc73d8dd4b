// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Exceptions;

/** That a receiver must prove the name in the URL, though the guard connects to a bare address. */
class GuardedTlsTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path directory;
  private static KeyStore keys;
  private final StubNames names =
      new StubNames().answer("good.example", "127.0.0.1").answer("bad.example", "127.0.0.1");
  private TestReceiver receiver;

  @BeforeEach
  void listen() throws Exception {
    keys = keys == null ? selfSigned("good.example") : keys;
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    receiver =
        TestReceiver.over(
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1")),
            exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  }

  @AfterEach
  void close() throws Exception {
    receiver.close();
  }

  private static KeyStore selfSigned(String name) throws Exception {
    Path file = directory.resolve("keys.p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var process =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=dns:" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
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
  void refusesACertificateThatNobodyVouchesFor() {
    try (var client =
        new GuardedHttpClient(
            AddressRules.allowing("127.0.0.1/32"), (_, _) -> {}, 50, names, _ -> {})) {
      assertThat(failure(client, "good.example")).isInstanceOf(SSLHandshakeException.class);
    }
    assertThat(receiver.exchanges).isEmpty();
  }

  @Test
  void givesAStalledHandshakeFiveSeconds() throws Exception {
    try (var client = trusting();
        var silent = TestReceiver.answering("")) {
      assertThat(failure(client, "good.example", silent))
          .isInstanceOf(SslHandshakeTimeoutException.class);
    }
  }

  @Test
  void recognisesPlainTextWhereTlsWasExpected() throws Exception {
    try (var client = trusting();
        var plain = TestReceiver.greeting("HTTP/1.1 400 Bad Request\r\n\r\n")) {
      assertThat(failure(client, "good.example", plain)).isInstanceOf(NotSslRecordException.class);
    }
  }

  private GuardedHttpClient trusting() throws Exception {
    var certificate = (X509Certificate) keys.getCertificate("k");
    return new GuardedHttpClient(
        AddressRules.allowing("127.0.0.1/32"),
        (_, _) -> {},
        50,
        names,
        tls -> tls.trustManager(certificate));
  }

  private Throwable failure(GuardedHttpClient client, String host) {
    return failure(client, host, receiver);
  }

  private static Throwable failure(GuardedHttpClient client, String host, TestReceiver receiver) {
    var failure = catchThrowable(() -> client.send(request(host, receiver)).block());
    return Exceptions.unwrap(failure);
  }

  private static Request request(String host, TestReceiver receiver) {
    var uri = URI.create("https://" + host + ":" + receiver.port() + "/");
    return new Request(
        new Target(uri, Optional.empty()), "POST", List.of(), new byte[0], Duration.ofSeconds(9));
  }
}
