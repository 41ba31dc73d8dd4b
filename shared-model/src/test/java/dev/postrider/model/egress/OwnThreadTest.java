// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.postrider.test.ScriptedServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that lives on one thread, together with whoever uses it. */
class OwnThreadTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final GuardedHttpClient client =
      GuardedHttpClient.onOneThread(
          AddressRules.allowing("127.0.0.1/32"), (_, _) -> {}, 50, "test");

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void answersWhereItWasAsked() throws Exception {
    try (var receiver = ScriptedServer.answering("HTTP/1.1 204 No Content\r\n\r\n")) {
      var asked = CompletableFuture.supplyAsync(Thread::currentThread, client.thread()).join();
      var answered = ask(receiver, () -> {}).thenApply(_ -> Thread.currentThread()).join();

      assertThat(answered).isSameAs(asked);
      assertThat(asked.getName()).startsWith("test");
    }
  }

  @Test
  void blamesNobodyForBeingHeldUpItself() throws Exception {
    try (var receiver = ScriptedServer.answering("HTTP/1.1 204 No Content\r\n\r\n")) {
      ask(receiver, () -> {}).join();
      var answer = ask(receiver, () -> LockSupport.parkNanos(TIMEOUT.multipliedBy(2).toNanos()));

      assertThat(answer.join().status()).isEqualTo(204);
    }
  }

  @Test
  void waitsNoLongerThanItIsTold() throws Exception {
    try (var receiver = ScriptedServer.answering(_ -> {})) {
      var answer = ask(receiver, () -> {});

      assertThat(catchThrowable(answer::join)).hasCauseInstanceOf(TimeoutException.class);
    }
  }

  /** Asks on the client's thread, and goes on there with something else. */
  private CompletableFuture<Response> ask(ScriptedServer receiver, Runnable then) {
    var request =
        new Request(TestClients.target(receiver, "/"), "POST", List.of(), new byte[0], TIMEOUT);
    var answer = new CompletableFuture<Response>();
    client
        .thread()
        .execute(
            () -> {
              client.send(request).subscribe(answer::complete, answer::completeExceptionally);
              then.run();
            });
    return answer;
  }
}
