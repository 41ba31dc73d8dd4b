// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Outcome.Accepted;
import dev.postrider.model.delivery.Outcome.Cause;
import dev.postrider.model.delivery.Outcome.Refused;
import dev.postrider.model.delivery.Outcome.Unreachable;
import dev.postrider.model.delivery.Outcome.Why;
import dev.postrider.model.egress.TestClients;
import dev.postrider.test.ScriptedServer;
import dev.postrider.test.StubNameServer;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What name servers say, by number: row N20 of the table in docs/receivers.md. */
class NameTableTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private final ScriptedServer receiver = ScriptedServer.answering(OK);
  private StubNameServer names;
  private TestSender sender;

  @BeforeEach
  void open() throws Exception {
    names = new StubNameServer();
    sender = new TestSender(TestClients.resolvingBy(names.address()));
  }

  @AfterEach
  void close() {
    sender.close();
    names.close();
    receiver.close();
  }

  @Test
  void n20FindsAName() {
    names.answer("good.example.com", "127.0.0.1");

    assertThat(outcome("good.example.com")).isEqualTo(new Accepted(200));
  }

  @Test
  void n20NamesANameThatDoesNotExistAndRemembersItForFiveSecondsAtMost() {
    assertThat(outcome("nowhere.example.com")).isEqualTo(new Unreachable(Cause.DNS_NOT_FOUND));

    names.answer("nowhere.example.com", "127.0.0.1");
    await()
        .atMost(Duration.ofSeconds(6))
        .until(() -> outcome("nowhere.example.com"), new Accepted(200)::equals);
  }

  @Test
  void n20NamesANameWithoutAnAddress() {
    names.answer("empty.example.com");

    assertThat(outcome("empty.example.com")).isEqualTo(new Unreachable(Cause.DNS_NOT_FOUND));
  }

  @Test
  void n20HoldsAServerThatFailsAgainstItsOwnName() {
    names.servfail("broken.example.com").answer("good.example.com", "127.0.0.1");

    for (int i = 0; i < 5; i++) {
      assertThat(outcome("broken.example.com")).isEqualTo(new Unreachable(Cause.DNS_FAILURE));
    }
    assertThat(names.questionsFor("broken.example.com")).isLessThanOrEqualTo(3);
    assertThat(outcome("good.example.com")).isEqualTo(new Accepted(200));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT8S"})
  void n20HoldsAServerThatIsSilentAgainstItsOwnName(Duration timeout) {
    names.silent("silent.example.com");

    Attempt attempt = sender.send(url("silent.example.com"), timeout);

    assertThat(attempt.outcome()).isEqualTo(new Unreachable(Cause.DNS_TIMEOUT));
    assertThat(attempt.duration()).isLessThan(Duration.ofSeconds(6));
  }

  @Test
  void n20HoldsItAgainstOurResolverWhenItFailsForAllNames() {
    names.servfail("a.one.com").servfail("b.two.com").servfail("c.three.com");

    assertThat(Stream.of("a.one.com", "b.two.com", "c.three.com", "a.one.com").map(this::outcome))
        .containsExactly(
            new Unreachable(Cause.DNS_FAILURE),
            new Unreachable(Cause.DNS_FAILURE),
            new Refused(Why.RESOLVER_DOWN),
            new Refused(Why.RESOLVER_DOWN));

    names.answer("a.one.com", "127.0.0.1");
    await().until(() -> outcome("a.one.com"), new Accepted(200)::equals);
    assertThat(outcome("b.two.com")).isEqualTo(new Unreachable(Cause.DNS_FAILURE));
  }

  @Test
  void n20HoldsItAgainstOurResolverWhenItIsGone() {
    names.close();

    assertThat(Stream.of("a.one.com", "b.two.com", "c.three.com").map(this::outcomeSoon))
        .containsExactly(
            new Unreachable(Cause.DNS_TIMEOUT),
            new Unreachable(Cause.DNS_TIMEOUT),
            new Refused(Why.RESOLVER_DOWN));
  }

  @Test
  void n20UsesWhatATruncatedAnswerHolds() {
    names.truncated("large.example.com", "127.0.0.1");

    assertThat(outcome("large.example.com")).isEqualTo(new Accepted(200));
  }

  @Test
  void n20SendsOnceToANameOfSixtyAddresses() {
    names.answer("many.example.com", Collections.nCopies(60, "127.0.0.1").toArray(String[]::new));

    assertThat(outcome("many.example.com")).isEqualTo(new Accepted(200));
    assertThat(receiver.exchanges).hasSize(1);
  }

  @Test
  void n20EndsALoopOfAliases() {
    names.aliases("a.example.com", "b.example.com").aliases("b.example.com", "a.example.com");

    Attempt attempt = sender.send(url("a.example.com"), TestSender.TIMEOUT);

    assertThat(attempt.outcome()).isEqualTo(new Unreachable(Cause.DNS_NOT_FOUND));
    assertThat(names.questionsFor("a.example.com")).isLessThan(20);
  }

  private Outcome outcome(String name) {
    return sender.outcome(url(name));
  }

  private Outcome outcomeSoon(String name) {
    return sender.send(url(name), Duration.ofSeconds(1)).outcome();
  }

  private String url(String name) {
    return "http://" + name + ":" + receiver.port() + "/";
  }
}
