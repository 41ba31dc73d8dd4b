// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What a question costs, above all while PostgreSQL is away. */
class RememberedTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
  private final PostgresPresence postgres =
      new PostgresPresence(() -> Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS)));
  private final Remembered<String, String> limits = new Remembered<>(postgres, _ -> answer());
  private final Remembered<String, String> types = new Remembered<>(postgres, _ -> answer());

  private Mono<String> answer = Mono.never();

  private Mono<String> answer() {
    return Mono.defer(() -> answer);
  }

  @AfterEach
  void endVirtualTime() {
    VirtualTimeScheduler.reset();
  }

  @Test
  void waitsForASecond() {
    CompletableFuture<String> first = limits.of("acme").toFuture();

    time.advanceTimeBy(Duration.ofMillis(999));
    assertThat(first).isNotDone();
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(first).isCompletedExceptionally();
  }

  @Test
  void waitsOnceForAllQuestions() {
    missOne();

    assertThat(types.of("acme").toFuture()).isCompletedExceptionally();
    assertThat(limits.of("globex").toFuture()).isCompletedExceptionally();
  }

  @Test
  void neverWaitsWhileQuestionsComeInVain() {
    missOne();

    for (int second = 0; second < 60; second++) {
      assertThat(limits.of("acme").toFuture()).isCompletedExceptionally();
      time.advanceTimeBy(Duration.ofSeconds(1));
    }
  }

  @Test
  void waitsAgainAfterTwoSecondsWithoutAQuestion() {
    missOne();

    time.advanceTimeBy(Duration.ofMillis(2001));
    assertThat(limits.of("acme").toFuture()).isNotDone();
  }

  @Test
  void findsOutThatPostgresIsBack() {
    missOne();
    answer = Mono.just("back").delayElement(Duration.ofMillis(100));

    assertThat(limits.of("acme").toFuture()).isCompletedExceptionally();
    time.advanceTimeBy(Duration.ofMillis(100));
    assertThat(limits.of("acme").toFuture()).isCompletedWithValue("back");
    assertThat(types.of("globex").toFuture()).isNotDone();
  }

  @Test
  void blamesPostgresForNothingElse() {
    answer = Mono.error(new IllegalStateException("no such column"));
    assertThat(types.of("acme").toFuture()).isCompletedExceptionally();
    answer = Mono.just("there");

    assertThat(limits.of("acme").toFuture()).isCompletedWithValue("there");
  }

  @Test
  void asksAgainBehindTheBackOfWhoeverAsks() {
    answer = Mono.just("old");
    assertThat(limits.of("acme").toFuture()).isCompletedWithValue("old");
    answer = Mono.just("new");

    time.advanceTimeBy(Duration.ofMillis(1999));
    assertThat(limits.of("acme").toFuture()).isCompletedWithValue("old");
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(limits.of("acme").toFuture()).isCompletedWithValue("old");
    assertThat(limits.of("acme").toFuture()).isCompletedWithValue("new");
  }

  @Test
  void waitsForWhatIsOlderThanFourSeconds() {
    answer = Mono.just("old");
    assertThat(limits.of("acme").toFuture()).isCompletedWithValue("old");
    answer = Mono.just("new");

    time.advanceTimeBy(Duration.ofSeconds(4));
    assertThat(limits.of("acme").toFuture()).isCompletedWithValue("new");
  }

  @Test
  void standsByItsLastAnswerWhilePostgresIsAway() {
    answer = Mono.just("old");
    assertThat(limits.of("acme").toFuture()).isCompletedWithValue("old");
    answer = Mono.never();
    time.advanceTimeBy(Duration.ofSeconds(4));
    missOne();

    assertThat(limits.of("acme").toFuture()).isCompletedWithValue("old");
  }

  private void missOne() {
    assertThat(limits.of("missed").toFuture()).isNotDone();
    time.advanceTimeBy(Duration.ofSeconds(1));
  }
}
