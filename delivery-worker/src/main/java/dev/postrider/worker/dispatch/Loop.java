// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that takes steps in the order they were given, and ticks in between. Unlike a
 * scheduled executor it sorts nothing, and takes many steps off its queue at once.
 */
final class Loop implements Executor, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final int AT_ONCE = 256;
  private static final Duration AFTER_A_FAILURE = Duration.ofMillis(20);

  private final BlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
  private final Supplier<Duration> tick;
  private final Thread thread;

  /**
   * Begins at once.
   *
   * @param tick says how long it is until the next
   */
  Loop(String name, Supplier<Duration> tick) {
    this.tick = tick;
    this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  @Override
  public void execute(Runnable step) {
    steps.add(step);
  }

  private void run() {
    List<Runnable> batch = new ArrayList<>(AT_ONCE);
    long nextTick = System.nanoTime();
    try {
      while (!Thread.interrupted()) {
        add(batch, steps.poll(nextTick - System.nanoTime(), TimeUnit.NANOSECONDS));
        steps.drainTo(batch, AT_ONCE);
        batch.forEach(Loop::guarded);
        batch.clear();
        if (System.nanoTime() - nextTick >= 0) {
          nextTick = System.nanoTime() + pause().toNanos();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("asked to stop");
    }
  }

  private Duration pause() {
    try {
      return tick.get();
    } catch (RuntimeException e) {
      LOG.error("a tick failed", e);
      return AFTER_A_FAILURE;
    }
  }

  private static void add(List<Runnable> batch, @Nullable Runnable step) {
    if (step != null) {
      batch.add(step);
    }
  }

  /** A defect in one step must not stop the thread that serves all others. */
  static void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.error("a step failed; its delivery stays unsettled", e);
    }
  }

  /** What has not been taken by now will not be. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
