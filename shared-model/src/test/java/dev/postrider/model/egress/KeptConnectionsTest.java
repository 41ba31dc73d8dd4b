// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.postrider.test.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Exceptions;
import reactor.netty.http.client.PrematureCloseException;

/** When a connection is kept, and what happens when a kept one turns out to be dead. */
class KeptConnectionsTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final GuardedHttpClient client =
      new GuardedHttpClient(
          AddressRules.allowing("127.0.0.1/32"), (_, _) -> {}, 50, _ -> new StubNames(), _ -> {});

  @AfterEach
  void close() {
    client.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK,
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
      })
  void keepsOneConnectionForAHundredRequests(String answer) throws Exception {
    try (var receiver = ScriptedServer.answering(answer)) {
      for (int i = 0; i < 100; i++) {
        send(receiver);
      }

      assertThat(receiver.exchanges).hasSize(100);
      assertThat(receiver.connections).hasValue(1);
    }
  }

  @Test
  void keepsTheConnectionForABodyOfExactlyFourKibibytes() throws Exception {
    String body = "x".repeat(Excerpt.USUAL);
    try (var receiver =
        ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n" + body)) {
      assertThat(send(receiver).truncated()).isFalse();
      assertThat(send(receiver).excerpt()).hasSize(4096);
      assertThat(receiver.closed).hasValue(0);
    }
  }

  @Test
  void sendsOnceMoreWhenAKeptConnectionHadDied() throws Exception {
    try (var receiver = ScriptedServer.answering(KeptConnectionsTest::dieOnReuse)) {
      send(receiver);

      assertThat(send(receiver).status()).isEqualTo(200);
      assertThat(receiver.connections).hasValue(2);
      assertThat(receiver.exchanges).hasSize(3);
    }
  }

  private static void dieOnReuse(ScriptedServer.Exchange exchange) throws IOException {
    if (exchange.request() == 2) {
      exchange.socket().close();
    } else {
      exchange.send(OK);
    }
  }

  @Test
  void sendsOnlyOnceWhenAFreshConnectionDies() throws Exception {
    try (var receiver = ScriptedServer.answering(exchange -> exchange.socket().close())) {
      assertThat(failure(receiver)).isInstanceOf(PrematureCloseException.class);
      assertThat(receiver.exchanges).hasSize(1);
    }
  }

  @Test
  void sendsOnlyOnceMore() throws Exception {
    try (var receiver =
        ScriptedServer.answering(
            exchange -> {
              if (exchange.request() == 1) {
                exchange.send(OK);
              } else {
                exchange.socket().close();
              }
            })) {
      send(receiver);

      assertThat(failure(receiver)).isInstanceOf(PrematureCloseException.class);
      assertThat(receiver.exchanges).hasSize(3);
    }
  }

  /** Response splitting: what arrives unasked must never answer somebody else's request. */
  @Test
  void neverAnswersARequestFromBytesThatCameBefore() throws Exception {
    try (var receiver =
        ScriptedServer.answering(
            exchange -> exchange.send(OK + OK.replace("200 OK", "299 Evil")))) {
      for (int i = 1; i <= 20; i++) {
        assertThat(send(receiver).status()).isEqualTo(200);
        assertThat(receiver.exchanges).hasSize(i);
      }
    }
  }

  @Test
  void dropsAConnectionOnWhichSomethingArrivesUnasked() throws Exception {
    try (var receiver =
        ScriptedServer.answering(
            exchange -> {
              exchange.send(OK);
              await().pollDelay(Duration.ofMillis(50)).until(() -> true);
              exchange.send(OK.replace("200 OK", "299 Evil"));
            })) {
      send(receiver);
      await().pollDelay(Duration.ofMillis(100)).until(() -> true);

      assertThat(send(receiver).status()).isEqualTo(200);
      assertThat(receiver.exchanges).hasSize(2);
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
