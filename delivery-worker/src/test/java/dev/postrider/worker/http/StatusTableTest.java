// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Outcome.Rejected;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.test.ScriptedServer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver's status means, by number: rows N15 to N18 of the table in docs/receivers.md. */
class StatusTableTest {

  @RegisterExtension private final TestSender sender = new TestSender();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "429 | 120 | PT2M | http_429",
        "503 | 120 | PT2M | http_503",
        "503 | 0 | PT0S | http_503",
        "429 | 99999999999999999999999999 | PT596523H14M7S | http_429",
        "429 | -5 | | http_429",
        "429 | 1.5 | | http_429",
        "429 | soon | | http_429",
        "429 | Sun, 06 Nov 1994 08:49:37 GMT | | http_429",
        "500 | 120 | | http_5xx"
      })
  void n15ReadsHowLongABusyReceiverWantsToBeLeftAlone(
      int status, String retryAfter, Duration wait, String reason) {
    Outcome outcome = answered(status, "Retry-After: " + retryAfter).outcome();

    assertThat(outcome).isEqualTo(new Rejected(status, wait));
    assertThat(outcome.reason()).isEqualTo(reason);
  }

  @Test
  void n15ReadsADateFromTheClockOnTheWall() {
    var inAMinute = Instant.now().plusSeconds(60).atZone(ZoneOffset.UTC);
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(inAMinute);

    assertThat(answered(503, "Retry-After: " + date).outcome())
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected ->
                assertThat(rejected.retryAfter())
                    .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60)));
  }

  @Test
  void n16TellsAReceiverThatIsGoneFromOneThatOnlyFails() {
    Outcome outcome = answered(410, "X-A: b").outcome();

    assertThat(outcome).isEqualTo(new Rejected(410, null));
    assertThat(outcome.reason()).isEqualTo("http_410");
  }

  /** 413, 414 and 431 too: receivers raise their limits, and one request a retry costs little. */
  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 409, 413, 414, 422, 431, 451})
  void n17TakesEveryOther4xxForAFaultThatMayPass(int status) {
    Outcome outcome = answered(status, "X-A: b").outcome();

    assertThat(outcome).isEqualTo(new Rejected(status, null));
    assertThat(outcome.reason()).isEqualTo("http_4xx");
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 303, 304, 307, 308})
  void n18FollowsNoRedirectAndKeepsWhereItLed(int status) {
    String answer = "HTTP/1.1 %d Moved\r\nLocation: http://u:p@127.0.0.1:%d/next?token=t#s\r\n\r\n";
    try (var elsewhere = ScriptedServer.answering("");
        var receiver =
            ScriptedServer.answering(
                exchange -> {
                  exchange.send(answer.formatted(status, elsewhere.port()));
                  exchange.close();
                })) {
      Attempt attempt = sender.send(receiver);

      assertThat(attempt.outcome()).isEqualTo(new Rejected(status, null));
      assertThat(attempt.outcome().reason()).isEqualTo("http_3xx");
      assertThat(attempt.responseHeaders().list())
          .containsExactly(
              new HttpHeader(
                  "Location", "http://***@127.0.0.1:%d/next?***".formatted(elsewhere.port())));
      assertThat(receiver.exchanges).hasSize(1);
      assertThat(elsewhere.connections).hasValue(0);
    }
  }

  private Attempt answered(int status, String header) {
    String answer = "HTTP/1.1 %d Status\r\n%s\r\nContent-Length: 0\r\n\r\n";
    try (var receiver = ScriptedServer.answering(answer.formatted(status, header))) {
      Attempt attempt = sender.send(receiver);
      assertThat(receiver.exchanges).hasSize(1);
      return attempt;
    }
  }
}
