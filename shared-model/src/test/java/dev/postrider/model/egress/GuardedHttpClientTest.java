// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.postrider.test.ScriptedServer;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Exceptions;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/** How the client treats receivers that behave, and those that do not. */
class GuardedHttpClientTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final StubNames names = new StubNames();
  private final GuardedHttpClient client = client(50);

  private GuardedHttpClient client(int connections) {
    return new GuardedHttpClient(
        AddressRules.allowing("127.0.0.1/32"), (_, _) -> {}, connections, _ -> names, _ -> {});
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void sendsExactlyWhatItWasGiven() throws Exception {
    try (var receiver = ScriptedServer.answering(OK)) {
      var request =
          new Request(
              TestClients.target(receiver, "/a%20b?c=d"),
              "PUT",
              List.of(
                  new Header("User-Agent", "Postrider/1"),
                  new Header("X-Env", "one"),
                  new Header("X-Env", "two")),
              "{\"ü\" : 1}".getBytes(UTF_8),
              TIMEOUT);
      client.send(request).block();

      var exchange = receiver.exchanges.getFirst();
      assertThat(exchange.head().lines())
          .startsWith("PUT /a%20b?c=d HTTP/1.1")
          .containsSubsequence("User-Agent: Postrider/1", "X-Env: one", "X-Env: two")
          .contains("content-length: 10", "host: 127.0.0.1:" + receiver.port())
          .doesNotContain("accept: */*");
      assertThat(exchange.body().getBytes(ISO_8859_1)).isEqualTo(request.body());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE", "POST", "PATCH"})
  void sendsAContentLengthEvenWithoutABody(String method) throws Exception {
    try (var receiver = ScriptedServer.answering(OK)) {
      client
          .send(
              new Request(
                  TestClients.target(receiver, "/"), method, List.of(), new byte[0], TIMEOUT))
          .block();

      assertThat(receiver.exchanges.getFirst().head())
          .startsWith(method + " / ")
          .contains("content-length: 0");
    }
  }

  @Test
  void answersWithStatusHeadersAndBody() throws Exception {
    try (var receiver =
        ScriptedServer.answering(
            "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nX-A: b\r\nContent-Length: 4\r\n\r\nlate")) {
      var response = send(receiver);

      assertThat(response.status()).isEqualTo(503);
      assertThat(response.headers())
          .contains(new Header("Retry-After", "7"), new Header("X-A", "b"));
      assertThat(response.excerpt()).asString().isEqualTo("late");
      assertThat(response.truncated()).isFalse();
    }
  }

  @Test
  void b13CutsOffAnEndlessBodyAtFourKibibytes() throws Exception {
    try (var receiver = ScriptedServer.answering(GuardedHttpClientTest::answerWithoutEnd)) {
      var response = send(receiver);

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.excerpt()).hasSize(4096);
      assertThat(response.truncated()).isTrue();
      await().until(() -> receiver.closed.get() == 1);
    }
  }

  private static void answerWithoutEnd(ScriptedServer.Exchange exchange) throws IOException {
    exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    while (!exchange.socket().isClosed()) {
      exchange.send("x".repeat(1000));
    }
  }

  @Test
  void readsABodyThatEndsWithItsConnection() throws Exception {
    try (var receiver =
        ScriptedServer.answering(
            exchange -> {
              exchange.send("HTTP/1.0 200 OK\r\n\r\nold");
              exchange.socket().close();
            })) {
      assertThat(send(receiver).excerpt()).asString().isEqualTo("old");
    }
  }

  @Test
  void doesNotExpandCompression() throws Exception {
    byte[] bomb = gzip(new byte[1_000_000]);
    try (var receiver =
        ScriptedServer.answering(
            exchange -> {
              exchange.send(
                  "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
                      .formatted(bomb.length));
              exchange.send(bomb);
            })) {
      assertThat(send(receiver).excerpt()).isEqualTo(bomb);
      assertThat(receiver.exchanges.getFirst().head())
          .doesNotContainIgnoringCase("accept-encoding");
    }
  }

  private static byte[] gzip(byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void followsNoRedirect(int status) throws Exception {
    try (var elsewhere = ScriptedServer.answering(OK);
        var receiver =
            ScriptedServer.answering(
                "HTTP/1.1 %d Moved\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n"
                    .formatted(status, elsewhere.port()))) {
      assertThat(send(receiver).status()).isEqualTo(status);
      assertThat(receiver.exchanges).hasSize(1);
      assertThat(elsewhere.connections).hasValue(0);
    }
  }

  @Test
  void refusesGiantHeaders() throws Exception {
    String many = "X-A: b\r\n".repeat(5_000);
    for (String headers : List.of("X-A: " + "b".repeat(20_000) + "\r\n", many)) {
      try (var receiver =
          ScriptedServer.answering("HTTP/1.1 200 OK\r\n" + headers + "Content-Length: 0\r\n\r\n")) {
        assertThat(failure(receiver)).isInstanceOf(TooLongHttpHeaderException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
      })
  void failsOnWhatIsNotHttp(String answer) throws Exception {
    try (var receiver = ScriptedServer.answering(answer)) {
      assertThat(failure(receiver)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n"})
  void b13HoldsTheWholeAttemptToItsDeadline(String beginning) throws Exception {
    try (var receiver = ScriptedServer.answering(exchange -> drip(beginning, exchange))) {
      assertThatThrownBy(() -> block(client, TestClients.request(receiver, Duration.ofMillis(400))))
          .isInstanceOf(TimeoutException.class)
          .hasMessage("no answer within PT0.4S");
      await().until(() -> receiver.closed.get() == 1);
    }
  }

  private static void drip(String beginning, ScriptedServer.Exchange exchange) throws IOException {
    exchange.send(beginning);
    exchange.sendForever("x", Duration.ofMillis(20));
  }

  @Test
  void b13CountsDnsIntoTheDeadline() {
    var target = new Target(URI.create("http://" + StubNames.SILENT + ":1/"), Optional.empty());

    assertThatThrownBy(
            () ->
                block(
                    client,
                    new Request(target, "POST", List.of(), new byte[0], Duration.ofMillis(200))))
        .isInstanceOf(NameUnansweredException.class);
  }

  @Test
  void saysWhenItIsOurPoolThatIsExhausted() throws Exception {
    try (var single = client(1);
        var receiver = ScriptedServer.answering(exchange -> drip("", exchange))) {
      var busy = single.send(TestClients.request(receiver, TIMEOUT)).subscribe(_ -> {}, _ -> {});
      await().until(() -> receiver.exchanges.size() == 1);

      assertThatThrownBy(() -> block(single, TestClients.request(receiver, TIMEOUT)))
          .isInstanceOf(PoolAcquireTimeoutException.class);
      busy.dispose();
    }
  }

  private Response send(ScriptedServer receiver) {
    var response = client.send(TestClients.request(receiver, TIMEOUT)).block();
    assertThat(response).isNotNull();
    return response;
  }

  private Throwable failure(ScriptedServer receiver) {
    return catchThrowable(() -> block(client, TestClients.request(receiver, TIMEOUT)));
  }

  /** As the worker sees it, without the wrapping that block() adds to checked exceptions. */
  private static void block(GuardedHttpClient client, Request request) throws Throwable {
    try {
      client.send(request).block();
    } catch (RuntimeException e) {
      throw Exceptions.unwrap(e);
    }
  }
}
