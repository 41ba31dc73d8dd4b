// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import dev.postrider.local.process.Part.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A process that this stack started. The start time tells it from a stranger that got the same pid
 * later, so that nothing is ever signalled that is not ours.
 */
public record Running(String part, long pid, Instant startedAt, int port) {

  /** Start times are read in clock ticks and move when the wall clock is set. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);

  static Running of(String part, ProcessHandle process, int port) {
    var startedAt = process.info().startInstant().orElse(Instant.EPOCH);
    return new Running(part, process.pid(), startedAt, port);
  }

  /** The process, while it is alive and the one that was started. */
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isTheSame);
  }

  public boolean alive() {
    return process().isPresent();
  }

  /** Calls back when it ends, however it does. */
  public CompletableFuture<Void> onEnd(Runnable action) {
    return process()
        .map(process -> process.onExit().thenRun(action))
        .orElseGet(() -> CompletableFuture.runAsync(action));
  }

  /** Asks it to end; when it is still there after the given time, ends it. */
  public void end(Signal signal, Duration patience) throws InterruptedException {
    signal(signal);
    if (!goneWithin(patience)) {
      kill();
    }
  }

  /** Ends it without warning. */
  public void kill() throws InterruptedException {
    process().ifPresent(ProcessHandle::destroyForcibly);
    goneWithin(Duration.ofSeconds(10));
  }

  private void signal(Signal signal) throws InterruptedException {
    var process = process();
    if (process.isEmpty()) {
      return;
    }
    switch (signal) {
      case TERM -> process.get().destroy();
      case INT -> interrupt();
    }
  }

  private void interrupt() throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(pid)).start().waitFor();
    } catch (IOException withoutKill) {
      process().ifPresent(ProcessHandle::destroy);
    }
  }

  private boolean goneWithin(Duration patience) throws InterruptedException {
    var deadline = System.nanoTime() + patience.toNanos();
    while (alive()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(Duration.ofMillis(20));
    }
    return true;
  }

  private boolean isTheSame(ProcessHandle process) {
    return !isZombie(pid)
        && process
            .info()
            .startInstant()
            .map(found -> Duration.between(found, startedAt).abs().compareTo(CLOCK_SLACK) <= 0)
            .orElse(false);
  }

  /**
   * In a container whose first process reaps nobody, the dead keep their pid. A process whose first
   * thread is dead while others still end is not dead yet: it may hold its ports.
   */
  public static boolean isZombie(long pid) {
    var process = Path.of("/proc", Long.toString(pid));
    try (var threads = Files.list(process.resolve("task"))) {
      var stat = Files.readString(process.resolve("stat"));
      return stat.startsWith(") Z", stat.lastIndexOf(')')) && threads.count() <= 1;
    } catch (IOException notLinuxOrGone) {
      return false;
    }
  }
}
