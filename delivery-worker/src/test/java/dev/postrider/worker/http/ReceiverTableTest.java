// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Outcome.Accepted;
import dev.postrider.model.delivery.Outcome.Cause;
import dev.postrider.model.delivery.Outcome.Unreachable;
import dev.postrider.test.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What receivers say that a sender must survive, by number: rows N3 to N12 of the table in
 * docs/receivers.md. Those about connections, statuses, TLS, names and ourselves stand in classes
 * of their own.
 */
class ReceiverTableTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String EARLY_HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration A_MOMENT = Duration.ofMillis(50);

  @RegisterExtension private final TestSender sender = new TestSender();

  @ParameterizedTest
  @ValueSource(strings = {"H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nX-A: "})
  void n3TimesOutOnHeadersThatDrip(String beginning) {
    try (var receiver = ScriptedServer.answering(exchange -> exchange.drip(beginning))) {
      assertThat(sender.send(receiver.url(), SHORT).outcome())
          .isEqualTo(new Unreachable(Cause.TIMEOUT));
      await().until(() -> receiver.closed.get() == 1);
    }
  }

  @Test
  void n3TakesTheStatusWhenItsBodyDrips() {
    String head = "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nbegun";
    try (var receiver = ScriptedServer.answering(exchange -> exchange.drip(head))) {
      Attempt attempt = sender.send(receiver.url(), SHORT);

      assertThat(attempt.outcome()).isEqualTo(new Accepted(200));
      assertThat(attempt.responseExcerpt()).startsWith("begunxxx");
      assertThat(attempt.duration()).isBetween(SHORT, SHORT.multipliedBy(2));
      await().until(() -> receiver.closed.get() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints"})
  void n4GivesUpAfterEightInterimResponses(String status) {
    String interim = "HTTP/1.1 " + status + "\r\n\r\n";
    try (var receiver =
        ScriptedServer.answering(exchange -> exchange.sendForever(interim, Duration.ofMillis(1)))) {
      Attempt attempt = sender.send(receiver);

      assertThat(attempt.outcome()).isEqualTo(new Unreachable(Cause.PROTOCOL_ERROR));
      assertThat(attempt.responseExcerpt()).isEqualTo("interim responses (1xx) without end");
      assertThat(attempt.duration()).isLessThan(SHORT);
      await().until(() -> receiver.closed.get() == 1);
    }
  }

  @Test
  void n5WaitsForTheAnswerBehindInterimResponses() {
    String interim = "HTTP/1.1 102 Processing\r\n\r\n" + EARLY_HINTS;
    try (var receiver =
        ScriptedServer.answering(
            exchange -> {
              exchange.send(interim.repeat(4));
              ScriptedServer.pause(A_MOMENT);
              exchange.send(OK);
            })) {
      for (int i = 0; i < 3; i++) {
        assertThat(sender.outcome(receiver)).isEqualTo(new Accepted(200));
      }
      assertThat(receiver.connections).hasValue(1);
    }
  }

  @Test
  void n6CutsOffAThousandEndlessBodies() {
    var sent = new AtomicLong();
    try (var receiver = ScriptedServer.answering(exchange -> answerWithoutEnd(exchange, sent))) {
      for (int i = 0; i < 1_000; i++) {
        Attempt attempt = sender.send(receiver);
        assertThat(attempt.outcome()).isEqualTo(new Accepted(200));
        assertThat(attempt.responseExcerpt()).hasSize(4096);
      }
      await().atMost(SHORT).until(() -> receiver.closed.get() == 1_000);
      assertThat(receiver.connections).hasValue(1_000);
      // All that the sockets' buffers between us took, read or not.
      assertThat(sent.get() / 1_000).isLessThan(8_000_000);
    }
  }

  private static void answerWithoutEnd(ScriptedServer.Exchange exchange, AtomicLong sent)
      throws IOException {
    boolean chunked = exchange.request() % 2 == 0;
    String length = chunked ? "Transfer-Encoding: chunked" : "Content-Length: 99999999999";
    exchange.send("HTTP/1.1 200 OK\r\n" + length + "\r\n\r\n");
    String piece = (chunked ? "1000\r\n" : "") + "x".repeat(4096) + (chunked ? "\r\n" : "");
    while (true) {
      exchange.send(piece);
      sent.addAndGet(piece.length());
    }
  }

  @Test
  void n7KeepsACompressedBodyAsItCame() {
    String bomb = "\u001f\u008b\u0008\u0000" + "\u0001".repeat(300_000);
    try (var receiver =
        ScriptedServer.answering(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(bomb.length(), bomb))) {
      Attempt attempt = sender.send(receiver);

      assertThat(attempt.outcome()).isEqualTo(new Accepted(200));
      assertThat(attempt.responseExcerpt()).hasSize(4096).endsWith("\u0001\u0001");
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 20000", "5000, 1"})
  void n8RefusesGiantAndManyHeaders(int count, int size) {
    String header = "X-A: " + "b".repeat(size) + "\r\n";
    try (var receiver = ScriptedServer.answering("HTTP/1.1 200 OK\r\n" + header.repeat(count))) {
      assertThat(sender.outcome(receiver)).isEqualTo(new Unreachable(Cause.HEADERS_TOO_LARGE));
      await().until(() -> receiver.closed.get() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "HTTP/1.1 two hundred\r\n\r\n",
        "HTTP/9 Too many open files\r\n\r\n",
        "\u0000\u0000\u0012\u0004\u0000\u0000\u0000\u0000\u0000\r\n\r\n",
        "ok\n\n"
      })
  void n9ReportsAGarbageStatusLineAsProtocolError(String garbage) {
    assertFailsForGood(garbage, "it does not begin as one does; check the port");
  }

  @Test
  void n10ReadsABodyWithoutLengthToItsEnd() {
    try (var receiver =
        ScriptedServer.answering(
            exchange -> {
              exchange.send("HTTP/1.0 200 OK\r\n\r\nold");
              exchange.close();
            })) {
      for (int i = 1; i <= 2; i++) {
        Attempt attempt = sender.send(receiver);

        assertThat(attempt.outcome()).isEqualTo(new Accepted(200));
        assertThat(attempt.responseExcerpt()).isEqualTo("old");
        assertThat(receiver.connections).hasValue(i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 2\r\nContent-Length: 3",
        "Content-Length: 2, 3",
        "Content-Length: 2\r\nContent-Length: 2",
        "Content-Length: -2",
        "Content-Length: 2\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 2",
        "Transfer-Encoding: chunked, gzip"
      })
  void n11RefusesABodyOfTwoLengths(String headers) {
    assertFailsForGood(
        "HTTP/1.1 200 OK\r\n" + headers + "\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "its headers say two things about where its body ends");
  }

  /** The connection is closed, and the next request gets one of its own. */
  private void assertFailsForGood(String answer, String flaw) {
    try (var receiver = ScriptedServer.answering(answer)) {
      for (int i = 1; i <= 2; i++) {
        Attempt attempt = sender.send(receiver);

        assertThat(attempt.outcome()).isEqualTo(new Unreachable(Cause.PROTOCOL_ERROR));
        assertThat(attempt.responseExcerpt()).isEqualTo(flaw);
        assertThat(receiver.connections).hasValue(i);
      }
      await().until(() -> receiver.closed.get() == 2);
    }
  }

  @Test
  void n12AnswersNobodyFromBytesThatCameBefore() {
    String stale = OK.replace("200 OK", "299 Stale");
    try (var receiver = ScriptedServer.answering(exchange -> exchange.send(OK + stale))) {
      for (int i = 1; i <= 20; i++) {
        assertThat(sender.outcome(receiver)).isEqualTo(new Accepted(200));
        assertThat(receiver.exchanges).hasSize(i);
      }
    }
  }
}
