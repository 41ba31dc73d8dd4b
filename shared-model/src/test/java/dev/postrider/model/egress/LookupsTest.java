// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LookupsTest {

  private long now;
  private final Lookups lookups = new Lookups(() -> now);

  @Test
  void holdsOneDeadNameServerAgainstItsOwnDomainOnly() {
    for (int i = 0; i < 10; i++) {
      assertThat(lookups.unanswered("a" + i + ".dead.example").resolverDown()).isFalse();
    }
  }

  @Test
  void holdsItAgainstOurResolverWhenNoDomainIsAnswered() {
    assertThat(lookups.unanswered("hooks.one.example").resolverDown()).isFalse();
    assertThat(lookups.unanswered("two.test").resolverDown()).isFalse();
    assertThat(lookups.unanswered("three.test").resolverDown()).isTrue();
    assertThat(lookups.unanswered("hooks.one.example").resolverDown()).isTrue();
  }

  @Test
  void knowsThatTheResolverIsBackWithTheFirstAnswer() {
    unansweredThrice();
    lookups.answered();

    assertThat(lookups.unanswered("one.test").resolverDown()).isFalse();
  }

  @Test
  void takesANameThatDoesNotExistForAnAnswer() {
    unansweredThrice();
    var notFound = new UnknownHostException("nowhere.test");

    assertThat(lookups.explain("nowhere.test", notFound)).isSameAs(notFound);
    assertThat(lookups.unanswered("one.test").resolverDown()).isFalse();
  }

  @Test
  void forgetsAfterAMinute() {
    unansweredThrice();
    now += Duration.ofSeconds(61).toNanos();

    assertThat(lookups.unanswered("one.test").resolverDown()).isFalse();
  }

  @Test
  void keepsTheFailureOfANameWhoseServersDidAnswer() {
    var broken = new UnknownHostException("broken.test");
    broken.initCause(new IllegalStateException("SERVFAIL"));

    assertThat(lookups.explain("broken.test", broken)).isSameAs(broken);
  }

  @Test
  void remembersAFailureForTwoSeconds() {
    var notFound = new UnknownHostException("nowhere.test");
    lookups.explain("nowhere.test", notFound);
    assertThat(lookups.recentFailure("nowhere.test")).containsSame(notFound);
    assertThat(lookups.recentFailure("other.test")).isEmpty();

    now += Duration.ofSeconds(2).toNanos();
    assertThat(lookups.recentFailure("nowhere.test")).isEmpty();
  }

  @Test
  void knowsWhoWaits() {
    lookups.begun("slow.test");
    lookups.begun("slow.test");
    lookups.ended("slow.test");
    assertThat(lookups.isRunning("slow.test")).isTrue();

    lookups.ended("slow.test");
    assertThat(lookups.isRunning("slow.test")).isFalse();
  }

  private void unansweredThrice() {
    lookups.unanswered("one.test");
    lookups.unanswered("two.test");
    lookups.unanswered("three.test");
  }
}
