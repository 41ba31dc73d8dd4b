// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTest {

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Loop loop = new Loop(thread);
  private final List<Integer> taken = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    thread.shutdownNow();
  }

  @Test
  void beginsInTheOrderGiven() {
    List<Integer> steps = IntStream.range(0, 100).boxed().toList();

    steps.forEach(step -> loop.begin(() -> taken.add(step)));

    await().untilAsserted(() -> assertThat(taken).isEqualTo(steps));
  }

  @Test
  void comesToWhatIsUnderWayBeforeAllThatIsNewHasBegun() {
    CountDownLatch given = new CountDownLatch(1);
    loop.execute(() -> hold(given));
    IntStream.range(0, 100).forEach(step -> loop.begin(() -> taken.add(step)));
    loop.execute(() -> taken.add(-1));
    given.countDown();

    await().untilAsserted(() -> assertThat(taken).hasSize(101));
    assertThat(taken.indexOf(-1)).isEqualTo(32);
  }

  @Test
  void goesOnAfterADefect() {
    loop.begin(
        () -> {
          throw new IllegalStateException("a defect");
        });
    loop.begin(() -> taken.add(1));

    await().untilAsserted(() -> assertThat(taken).containsExactly(1));
  }

  @Test
  void takesNothingOnceItIsClosed() {
    CountDownLatch closed = new CountDownLatch(1);
    thread.execute(() -> hold(closed));
    loop.begin(() -> taken.add(1));
    loop.execute(() -> taken.add(2));
    loop.close();
    closed.countDown();

    CountDownLatch after = new CountDownLatch(1);
    thread.execute(after::countDown);
    hold(after);
    assertThat(taken).isEmpty();
  }

  private static void hold(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
