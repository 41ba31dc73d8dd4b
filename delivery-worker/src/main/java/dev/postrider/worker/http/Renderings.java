// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import dev.postrider.model.destination.DestinationId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what takes a processor's time, off the threads that everybody's deliveries share. One task
 * of a destination runs at a time, and the destinations take turns: a slow template costs its
 * neighbours a turn's wait, and those without a template nothing.
 *
 * <p>What waits is bounded by the windows of the lanes that it comes from.
 */
final class Renderings implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Renderings.class);

  private static final int THREADS = 2;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().name("rendering-", 0).daemon().factory());

  /** Whoever has a line here has a turn coming or running; also the lock. */
  private final Map<DestinationId, Deque<Runnable>> lines = new HashMap<>();

  /**
   * Runs the task when it is its turn.
   *
   * @throws RejectedExecutionException after the end
   */
  void take(DestinationId whose, Runnable task) {
    synchronized (lines) {
      Deque<Runnable> line = lines.get(whose);
      if (line != null) {
        line.add(task);
        return;
      }
      threads.execute(() -> turn(whose));
      lines.computeIfAbsent(whose, _ -> new ArrayDeque<>()).add(task);
    }
  }

  private void turn(DestinationId whose) {
    try {
      next(whose).run();
    } catch (RuntimeException e) {
      LOG.error("{} could not be rendered for", whose, e);
    } finally {
      goOn(whose);
    }
  }

  private Runnable next(DestinationId whose) {
    synchronized (lines) {
      return lines.getOrDefault(whose, new ArrayDeque<>()).remove();
    }
  }

  private void goOn(DestinationId whose) {
    synchronized (lines) {
      if (lines.getOrDefault(whose, new ArrayDeque<>()).isEmpty()) {
        lines.remove(whose);
      } else if (!threads.isShutdown()) {
        threads.execute(() -> turn(whose));
      }
    }
  }

  /** Nothing begins any more. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
