// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps taken one after the other on one thread, which sends requests and reads answers as well:
 *
 * <pre>
 *   execute  of what is under way     as soon as the thread comes to it
 *   begin    with something new       in the order given, 32 at a time; so, whatever wants to
 *                                     begin, what is under way waits for 32 others at most
 *   tick     now and then             in its turn among the new, so that it shows how long they wait
 * </pre>
 */
final class Loop implements Executor, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final Duration AFTER_A_FAILURE = Duration.ofMillis(20);

  private static final int AT_ONCE = 32;

  private final ScheduledExecutorService thread;
  private final Queue<Runnable> beginnings = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean closed;

  /** How many of them a machine has use for: the other half of its processors reads and writes. */
  static int mostUseful() {
    return Math.max(1, processors() / 2);
  }

  /** How many processors there are for each of those. */
  static int processorsEach() {
    return processors() / mostUseful();
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Takes its steps on this thread, which others use as well. */
  Loop(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  /** Ticks from now on; each is told how late it is, and says how long it is until the next. */
  void tick(UnaryOperator<Duration> tick) {
    tick(tick, System.nanoTime());
  }

  private void tick(UnaryOperator<Duration> tick, long meant) {
    begin(() -> tickAndAgain(tick, meant));
  }

  @Override
  public void execute(Runnable step) {
    if (!closed) {
      thread.execute(() -> take(step));
    }
  }

  /** Takes a step with something new, after those that were given before. */
  void begin(Runnable step) {
    if (!closed) {
      beginnings.add(step);
      if (waiting.getAndIncrement() == 0) {
        thread.execute(this::beginSome);
      }
    }
  }

  /** The others are scheduled, so that the thread looks for answers before it comes to them. */
  private void beginSome() {
    int most = Math.min(AT_ONCE, waiting.get());
    int taken = 0;
    try {
      while (taken < most) {
        taken++;
        take(beginnings.remove());
      }
    } finally {
      if (waiting.addAndGet(-taken) > 0 && !closed) {
        thread.schedule(this::beginSome, 0, TimeUnit.NANOSECONDS);
      }
    }
  }

  /** Takes a step at once: the caller is on this thread, and nothing of its own is half done. */
  void take(Runnable step) {
    if (!closed) {
      guarded(step);
    }
  }

  /** Whatever comes of one tick, there is a next. */
  private void tickAndAgain(UnaryOperator<Duration> tick, long meant) {
    Duration pause = AFTER_A_FAILURE;
    try {
      pause = tick.apply(Duration.ofNanos(System.nanoTime() - meant));
    } finally {
      long next = System.nanoTime() + pause.toNanos();
      thread.schedule(() -> tick(tick, next), pause.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** A defect in one step must not stop the thread that serves all others. */
  static void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.error("a step failed; its delivery, if it has one, stays unsettled", e);
    }
  }

  /** What has not been taken by now will not be. */
  @Override
  public void close() {
    closed = true;
  }
}
