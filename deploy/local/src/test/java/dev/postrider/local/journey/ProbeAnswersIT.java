// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static dev.postrider.local.journey.Probing.assertAnswered;
import static dev.postrider.local.journey.Probing.assertTaken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.postrider.test.ScriptedServer;
import dev.postrider.test.ScriptedServer.Script;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What verify says of what a receiver answers, by number: rows N4 to N12, N15 to N18 and N24 of the
 * table in docs/receivers.md.
 */
@ExtendWith(Probing.Shared.class)
class ProbeAnswersIT {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration A_MOMENT = Duration.ofMillis(1);
  private final Probing probing;

  ProbeAnswersIT(Probing probing) {
    this.probing = probing;
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          n15 | 429 | Retry-After: 120 | http_429 | the receiver answered 429 and asks to be left alone for 120 s: it takes fewer requests; set limits.requests_per_second
          n15 | 429 | Retry-After: -1  | http_429 | the receiver answered 429: it takes fewer requests; set limits.requests_per_second
          n15 | 503 | Retry-After: 30  | http_503 | the receiver answered 503 and asks to be left alone for 30 s: it is down or overloaded for now
          n17 | 400 | X-A: b | http_4xx | the receiver answered 400: it does not like the request; response_excerpt may say why, then see payload_format, template and headers
          n17 | 401 | X-A: b | http_4xx | the receiver answered 401: check the authentication and what it is allowed to do
          n17 | 404 | X-A: b | http_4xx | the receiver answered 404: check the path of the URL
          n17 | 413 | X-A: b | http_4xx | the receiver answered 413: the body is too large for it
          n17 | 414 | X-A: b | http_4xx | the receiver answered 414: the URL is too long for it
          n17 | 431 | X-A: b | http_4xx | the receiver answered 431: the headers are too large for it
          n17 | 451 | X-A: b | http_4xx | the receiver answered 451: only 2xx counts as taken
          n17 | 500 | X-A: b | http_5xx | the receiver answered 500: the fault is on its side
          n17 | 502 | X-A: b | http_5xx | the receiver answered 502: a proxy in front of it does not reach it
          """)
  void b22SaysWhatTheStatusMeans(
      String row, int status, String header, String reason, String error) {
    String answer = "HTTP/1.1 %d Status\r\n%s\r\nContent-Length: 3\r\n\r\nwhy";
    try (ScriptedServer receiver = ScriptedServer.answering(answer.formatted(status, header))) {
      JsonNode said = probing.verify(receiver.url());

      assertAnswered(said, status, reason, error);
      assertThat(said.get("response_excerpt").asString()).isEqualTo("why");
      assertThat(receiver.exchanges).as(row).hasSize(1);
    }
  }

  @Test
  void n16SaysWhatA410WouldDoAndDoesNotDoIt() {
    try (ScriptedServer receiver = ScriptedServer.answering(status(410))) {
      JsonNode destination = probing.create(receiver.url(), "");

      assertAnswered(
          probing.verify(destination),
          410,
          "http_410",
          "the receiver answered 410: on a real delivery this would switch the destination off");
      assertAnswered(
          probing.test(destination, ""),
          410,
          "http_410",
          "the receiver answered 410: on a real delivery this would switch the destination off");
      JsonNode now = probing.read(destination);
      assertThat(now.get("enabled").asBoolean()).isTrue();
      assertThat(now.get("status").asString()).isEqualTo("active");
    }
  }

  @ParameterizedTest
  @CsvSource({"300", "301", "302", "303", "307", "308"})
  void n18SaysThatARedirectIsNotFollowedAndWhereItLeads(int status) {
    try (ScriptedServer elsewhere = ScriptedServer.answering(OK);
        ScriptedServer receiver =
            ScriptedServer.answering(
                status(status).replace("X-A: b", "Location: " + elsewhere.url() + "?token=t"))) {
      JsonNode said = probing.verify(receiver.url());

      assertAnswered(
          said,
          status,
          "http_3xx",
          "the receiver answered "
              + status
              + ": redirects are not followed; configure the URL that it redirects to");
      assertThat(said.get("response_headers").toString())
          .contains("\"" + elsewhere.url() + "?***\"");
      assertThat(receiver.exchanges).hasSize(1);
      assertThat(elsewhere.connections).hasValue(0);
    }
  }

  static Stream<Arguments> answers() {
    String twoEnds = "what came is no HTTP/1.1 answer: its headers say two things about where";
    return Stream.of(
        failing(
            "n4 interim responses without end",
            x -> x.sendForever("HTTP/1.1 102 Processing\r\n\r\n", A_MOMENT),
            "protocol_error",
            "what came is no HTTP/1.1 answer: interim responses (1xx) without end"),
        failing(
            "n8 a giant header",
            x -> x.send("HTTP/1.1 200 OK\r\nX-A: " + "b".repeat(20_000) + "\r\n\r\n"),
            "headers_too_large",
            "the answer's headers are larger than 8 KiB, or its first line than 4"),
        failing(
            "n8 a giant first line",
            x -> x.send("HTTP/1.1 200 " + "b".repeat(5_000) + "\r\n\r\n"),
            "headers_too_large",
            "the answer's headers are larger than 8 KiB, or its first line than 4"),
        failing(
            "n9 another protocol",
            x -> x.send("SSH-2.0-OpenSSH_9.6\r\n\r\n"),
            "protocol_error",
            "what came is no HTTP/1.1 answer: it does not begin as one does; check the port"),
        failing(
            "n11 two lengths",
            x -> x.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!"),
            "protocol_error",
            twoEnds + " its body ends"),
        failing(
            "n11 a length and chunks",
            x ->
                x.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"),
            "protocol_error",
            twoEnds + " its body ends"));
  }

  private static Arguments failing(String row, Script script, String reason, String error) {
    return argumentSet(row, script, reason, error);
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("answers")
  void saysWhatIsWrongWithAnAnswer(Script script, String reason, String error) {
    try (ScriptedServer receiver = ScriptedServer.answering(script)) {
      assertAnswered(probing.verify(receiver.url()), null, reason, error);
      assertThat(receiver.exchanges).hasSize(1);
    }
  }

  static Stream<Arguments> odd() {
    String bomb = "\u001f" + "b".repeat(300_000);
    String early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    return Stream.of(
        taken("n5 an answer behind interim ones", "ok", x -> x.send(early.repeat(3) + OK)),
        taken(
            "n6 a body without end",
            "x".repeat(4096),
            x -> {
              x.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
              x.sendForever("x".repeat(4096), Duration.ZERO);
            }),
        taken(
            "n7 a compressed body, which stays so",
            bomb.substring(0, 4096),
            x ->
                x.send(
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(bomb.length(), bomb))),
        taken(
            "n10 a body without a length",
            "old",
            x -> {
              x.send("HTTP/1.0 200 OK\r\n\r\nold");
              x.close();
            }));
  }

  private static Arguments taken(String row, String excerpt, Script script) {
    return argumentSet(row, script, excerpt);
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("odd")
  void saysThatItWasTakenHoweverOddTheAnswer(Script script, String excerpt) {
    try (ScriptedServer receiver = ScriptedServer.answering(script)) {
      JsonNode said = probing.verify(receiver.url());

      assertTaken(said);
      assertThat(said.get("response_excerpt").asString()).isEqualTo(excerpt);
    }
  }

  /** All by the worker that has the destination, on connections that it keeps. */
  @Test
  void n12AnswersNoProbeFromBytesThatCameBefore() {
    String stale = OK.replace("200 OK", "299 Stale");
    try (ScriptedServer receiver = ScriptedServer.answering(x -> x.send(OK + stale))) {
      JsonNode destination = probing.create(receiver.url(), "");
      for (int i = 1; i <= 8; i++) {
        assertTaken(probing.verify(destination));
        assertThat(receiver.exchanges).hasSize(i);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, http_2xx,",
    "413, http_4xx, the receiver answered 413: the body is too large for it"
  })
  void n24TakesAnAnswerThatComesBeforeTheBodyWasRead(int status, String reason, String error) {
    String sample = ", \"content_sample\": \"" + "x".repeat(65_536) + "\"";
    try (ScriptedServer receiver =
        ScriptedServer.answeringHeads(
            x -> {
              x.send(status(status));
              ScriptedServer.pause(Duration.ofSeconds(1));
            })) {
      assertAnswered(probing.verify(probing.create(receiver.url(), sample)), status, reason, error);
    }
  }

  private static String status(int status) {
    return "HTTP/1.1 %d Status\r\nX-A: b\r\nContent-Length: 0\r\n\r\n".formatted(status);
  }
}
