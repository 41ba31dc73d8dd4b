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
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that lives on one thread, together with whoever uses it. */
class OwnThreadTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final GuardedHttpClient client =
      GuardedHttpClient.onOneThread(
          AddressRules.allowing("127.0.0.1/32"),
          NameServers.OF_THIS_MACHINE,
          (_, _) -> {},
          50,
          "test");

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void answersWhereItWasAsked() throws Exception {
    try (var receiver = ScriptedServer.answering("HTTP/1.1 204 No Content\r\n\r\n")) {
      var asked = CompletableFuture.supplyAsync(Thread::currentThread, client.thread()).join();
      var answered = ask(receiver, () -> {}, _ -> Thread.currentThread()).join();

      assertThat(answered).isSameAs(asked);
      assertThat(asked.getName()).startsWith("test");
    }
  }

  @Test
  void blamesNobodyForBeingHeldUpItself() throws Exception {
    try (var receiver = ScriptedServer.answering("HTTP/1.1 204 No Content\r\n\r\n")) {
      ask(receiver, () -> {}, Response::status).join();
      var answer =
          ask(
              receiver,
              () -> LockSupport.parkNanos(TIMEOUT.multipliedBy(2).toNanos()),
              Response::status);

      assertThat(answer.join()).isEqualTo(204);
    }
  }

  @Test
  void waitsNoLongerThanItIsTold() throws Exception {
    try (var receiver = ScriptedServer.answering(_ -> {})) {
      var answer = ask(receiver, () -> {}, Response::status);

      assertThat(catchThrowable(answer::join)).hasCauseInstanceOf(TimeoutException.class);
    }
  }

  /** Asks on the client's thread, goes on there with something else, and looks at what comes. */
  private <T> CompletableFuture<T> ask(
      ScriptedServer receiver, Runnable then, Function<Response, T> look) {
    var request =
        new Request(TestClients.target(receiver, "/"), "POST", List.of(), new byte[0], TIMEOUT);
    var answer = new CompletableFuture<T>();
    client
        .thread()
        .execute(
            () -> {
              client
                  .send(request)
                  .map(look)
                  .subscribe(answer::complete, answer::completeExceptionally);
              then.run();
            });
    return answer;
  }
}
