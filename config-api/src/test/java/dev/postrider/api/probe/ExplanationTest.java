// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Outcome.Accepted;
import dev.postrider.model.delivery.Outcome.Cause;
import dev.postrider.model.delivery.Outcome.Refused;
import dev.postrider.model.delivery.Outcome.Rejected;
import dev.postrider.model.delivery.Outcome.Unreachable;
import dev.postrider.model.delivery.Outcome.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExplanationTest {

  private static final Path GUIDE = Path.of("../docs/destinations.md");

  /** All that is no answer. */
  static Stream<Outcome> failures() {
    return Stream.concat(
        Arrays.stream(Cause.values()).map(Unreachable::new),
        Arrays.stream(Why.values()).map(Refused::new));
  }

  @Test
  void saysSomethingElseOfEachFault() {
    List<String> sentences = failures().map(ExplanationTest::of).toList();

    assertThat(sentences).doesNotContainNull().doesNotHaveDuplicates();
  }

  static Stream<Outcome> reasons() {
    return Stream.concat(
        failures(),
        Stream.concat(
            Stream.of(new Accepted(200)),
            IntStream.of(101, 302, 404, 410, 429, 500, 503)
                .mapToObj(status -> new Rejected(status, null))));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void isInTheGuideWithWhatToDo(Outcome outcome) throws IOException {
    assertThat(Files.readAllLines(GUIDE))
        .filteredOn(line -> line.startsWith("| `"))
        .anyMatch(line -> line.contains("`" + outcome.reason() + "`"));
  }

  @Test
  void n21TellsWhatIsOursFromWhatIsTheReceivers() {
    assertThat(of(new Refused(Why.OVERLOADED)))
        .isEqualTo("the worker is short of connections; try again");
    assertThat(of(new Refused(Why.RESOLVER_DOWN)))
        .isEqualTo("the worker's own name server does not answer; tell the operator");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 |     | the receiver answered 401: check the authentication and what it is allowed to do",
        "429 | 120 | the receiver answered 429 and asks to be left alone for 120 s: it takes fewer"
            + " requests; set limits.requests_per_second",
        "304 |     | the receiver answered 304: only 2xx counts as taken",
        "599 |     | the receiver answered 599: the fault is on its side"
      })
  void n15SaysWhatTheReceiverAnsweredAndWhatToLookAt(
      int status, Integer retryAfter, String sentence) {
    Duration wait = retryAfter == null ? null : Duration.ofSeconds(retryAfter);

    assertThat(of(new Rejected(status, wait))).isEqualTo(sentence);
  }

  @Test
  void addsWhatTheWorkerFoundWrong() {
    assertThat(Explanation.of(attempt(new Refused(Why.TEMPLATE_FAILED), "line 3: no such filter")))
        .isEqualTo(
            "the template makes no body of this event (see the preview): line 3: no such filter");
    assertThat(Explanation.of(attempt(new Rejected(500, null), "<html>"))).doesNotContain("<html>");
  }

  @Test
  void saysNothingWhereAllIsWell() {
    assertThat(of(new Accepted(204))).isNull();
  }

  private static String of(Outcome outcome) {
    return Explanation.of(attempt(outcome, null));
  }

  private static Attempt attempt(Outcome outcome, String excerpt) {
    return new Attempt(
        Instant.EPOCH, Duration.ZERO, outcome, HeaderLines.NONE, HeaderLines.NONE, excerpt);
  }
}
