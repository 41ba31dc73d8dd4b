// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.model.destination.DestinationId;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RenderingsTest {

  private static final DestinationId SLOW = new DestinationId(new UUID(0, 1));
  private static final DestinationId OTHER = new DestinationId(new UUID(0, 2));

  private final Renderings renderings = new Renderings();

  @Test
  void b9RunsOneTaskOfADestinationAtATimeAndInOrder() throws Exception {
    List<Integer> order = new CopyOnWriteArrayList<>();
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch ended = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      int number = i;
      renderings.take(
          SLOW,
          () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            order.add(number);
            running.decrementAndGet();
            ended.countDown();
          });
    }

    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(most).hasValue(1);
    assertThat(order).isSorted().hasSize(100);
  }

  @Test
  void b9LetsOthersByWhileOneIsSlow() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      renderings.take(SLOW, () -> await(gate));
      renderings.take(OTHER, others::countDown);
    }

    assertThat(others.await(10, TimeUnit.SECONDS)).isTrue();
    gate.countDown();
  }

  @Test
  void b9GoesOnAfterATaskThatFails() throws Exception {
    CountDownLatch next = new CountDownLatch(1);
    renderings.take(
        SLOW,
        () -> {
          throw new IllegalStateException("a defect, as this test wants it");
        });
    renderings.take(SLOW, next::countDown);

    assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void b9TakesNothingAfterTheEnd() {
    renderings.close();

    assertThatThrownBy(() -> renderings.take(SLOW, () -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
