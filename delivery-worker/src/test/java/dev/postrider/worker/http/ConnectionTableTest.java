// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Outcome.Accepted;
import dev.postrider.model.delivery.Outcome.Cause;
import dev.postrider.model.delivery.Outcome.Unreachable;
import dev.postrider.test.ScriptedServer;
import dev.postrider.test.SynBlackHole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How connections come about, break and end, by number: rows N1, N2, N13, N14 and N24 of the table
 * in docs/receivers.md.
 */
class ConnectionTableTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration A_MOMENT = Duration.ofMillis(50);

  @RegisterExtension private final TestSender sender = new TestSender();

  @Test
  void n1TimesOutOnAReceiverThatAcceptsAndNeverAnswers() {
    try (var receiver = ScriptedServer.answering("")) {
      Attempt attempt = sender.send(receiver.url(), SHORT);

      assertThat(attempt.outcome()).isEqualTo(new Unreachable(Cause.TIMEOUT));
      assertThat(attempt.duration()).isBetween(SHORT, SHORT.multipliedBy(2));
      await().until(() -> receiver.closed.get() == 1);
    }
  }

  @ParameterizedTest
  @CsvSource({"PT1S, PT1S", "PT8S, PT5S"})
  void n2GivesAConnectionFiveSecondsAtMost(Duration timeout, Duration after) throws Exception {
    try (var receiver = new SynBlackHole()) {
      Attempt attempt = sender.send(receiver.url(), timeout);

      assertThat(attempt.outcome()).isEqualTo(new Unreachable(Cause.CONNECT_TIMEOUT));
      assertThat(attempt.duration()).isBetween(after, after.plusSeconds(2));
    }
  }

  @Test
  void n2SaysAtOnceThatNobodyListens() throws Exception {
    try (var closed = new ServerSocket(0)) {
      closed.close();
      Attempt attempt = sender.send("http://127.0.0.1:" + closed.getLocalPort() + "/", SHORT);

      assertThat(attempt.outcome()).isEqualTo(new Unreachable(Cause.CONNECTION_REFUSED));
      assertThat(attempt.duration()).isLessThan(SHORT);
    }
  }

  @Test
  void n13ReportsAConnectionThatIsClosedInsteadOfAnAnswer() {
    try (var ended = ScriptedServer.answering(ScriptedServer.Exchange::close);
        var reset = ScriptedServer.answering(ScriptedServer.Exchange::reset);
        var half =
            ScriptedServer.answering(
                exchange -> {
                  exchange.send("HTTP/1.1 20");
                  exchange.close();
                })) {
      for (var receiver : new ScriptedServer[] {ended, reset, half}) {
        assertThat(sender.outcome(receiver)).isEqualTo(new Unreachable(Cause.CONNECTION_RESET));
        assertThat(receiver.exchanges).hasSize(1);
      }
    }
  }

  /** Some of these ends are seen before the request is written. */
  @Test
  void n13ReportsAConnectionThatIsClosedAsSoonAsItIsMade() throws IOException {
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> closeEach(server));
      String url = "http://127.0.0.1:" + server.getLocalPort() + "/";
      for (int i = 0; i < 300; i++) {
        assertThat(sender.outcome(url)).isEqualTo(new Unreachable(Cause.CONNECTION_RESET));
      }
    }
  }

  private static void closeEach(ServerSocket server) {
    try {
      while (!server.isClosed()) {
        server.accept().close();
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void n13TakesAStatusWhoseBodyBreaksOff(boolean reset) {
    try (var receiver =
        ScriptedServer.answering(
            exchange -> {
              exchange.send("HTTP/1.1 202 Accepted\r\nContent-Length: 99\r\n\r\nbegun");
              ScriptedServer.pause(A_MOMENT);
              if (reset) {
                exchange.reset();
              } else {
                exchange.close();
              }
            })) {
      Attempt attempt = sender.send(receiver);

      assertThat(attempt.outcome()).isEqualTo(new Accepted(202));
      assertThat(attempt.responseExcerpt()).isEqualTo("begun");
    }
  }

  /** Closes a little after each answer, which is about when the next request comes. */
  @Test
  void n14SendsOnceMoreWhereAKeptConnectionHasJustDied() {
    try (var receiver =
        ScriptedServer.answering(
            exchange -> {
              exchange.send(OK);
              ScriptedServer.pause(Duration.ofNanos(exchange.request() % 40 * 50_000L));
              exchange.close();
            })) {
      for (int i = 0; i < 400; i++) {
        assertThat(sender.outcome(receiver)).isEqualTo(new Accepted(200));
        if (i % 2 == 0) {
          pauseForAbout(i % 40 * 50_000L);
        }
      }
      assertThat(receiver.exchanges)
          .extracting(exchange -> exchange.header("webhook-id"))
          .doesNotHaveDuplicates()
          .hasSize(400);
    }
  }

  private static void pauseForAbout(long nanos) {
    long until = System.nanoTime() + nanos;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  @Test
  void n14DoesNotSendAgainOnceAByteOfAnAnswerHasCome() {
    try (var receiver =
        ScriptedServer.answering(
            exchange -> {
              exchange.send(exchange.request() == 1 ? OK : "HTTP/1.1 20");
              if (exchange.request() > 1) {
                ScriptedServer.pause(A_MOMENT);
                exchange.close();
              }
            })) {
      assertThat(sender.outcome(receiver)).isEqualTo(new Accepted(200));
      assertThat(sender.outcome(receiver)).isEqualTo(new Unreachable(Cause.CONNECTION_RESET));
      assertThat(receiver.exchanges).hasSize(2);
      assertThat(receiver.connections).hasValue(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"200, accepted", "413, rejected"})
  void n24TakesAnAnswerThatComesBeforeTheBodyWasRead(int status, String label) {
    var unread = new AtomicLong();
    int size = 5_000_000;
    try (var receiver =
        ScriptedServer.answeringHeads(
            exchange -> {
              exchange.send("HTTP/1.1 " + status + " Early\r\nContent-Length: 0\r\n\r\n");
              ScriptedServer.pause(Duration.ofMillis(200));
              unread.set(exchange.socket().getInputStream().skip(Long.MAX_VALUE));
            })) {
      Attempt attempt = sender.send(receiver.url(), TestSender.TIMEOUT, new byte[size]);

      assertThat(attempt.outcome()).extracting(Outcome::label).isEqualTo(label);
      assertThat(attempt.duration()).isLessThan(SHORT);
      await().until(() -> receiver.closed.get() == 1);
      assertThat(unread.get()).isLessThan(size);
    }
  }
}
