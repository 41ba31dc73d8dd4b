// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import static java.util.stream.Collectors.toCollection;

import dev.postrider.local.process.Directories;
import dev.postrider.local.process.Part;
import dev.postrider.local.process.PartFailure;
import dev.postrider.local.process.PidFile;
import dev.postrider.local.process.Processes;
import dev.postrider.local.process.Progress;
import dev.postrider.local.process.Running;
import dev.postrider.model.secret.SecretBox;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * All servers of Postrider as processes of this machine. Starting keeps the parts that work and
 * starts the others, so starting again is also how a stack is repaired. The processes outlive this
 * object unless it is closed, and this JVM unless it has {@linkplain #start started} the stack.
 *
 * <pre>{@code
 * try (var stack = LocalStack.start(Settings.onFreePorts(home))) {
 *   stack.part("worker-1").kill();
 *   stack.restore();
 * }
 * }</pre>
 */
public final class LocalStack implements AutoCloseable {

  private final Settings settings;
  private final PidFile pids;
  private final Processes processes;

  private LocalStack(Settings settings, Progress progress) {
    settings.home().create();
    this.settings = settings;
    this.pids = new PidFile(settings.home().pidFile());
    this.processes = new Processes(pids, settings.home().logs(), progress);
  }

  /**
   * Returns when every part is healthy. They end with this JVM at the latest, even if somebody
   * stops it in the middle, but for {@code kill -9}.
   */
  public static LocalStack start(Settings settings) throws InterruptedException {
    var stack = of(settings, Progress.SILENT);
    Runtime.getRuntime().addShutdownHook(new Thread(stack::kill));
    stack.restore();
    return stack;
  }

  /** A stack as it is, running or not. */
  public static LocalStack of(Settings settings, Progress progress) {
    return new LocalStack(settings, progress);
  }

  /** Starts the parts that do not work, and returns when every part is healthy. */
  public void restore() throws InterruptedException {
    try (var channel = openLock();
        var _ = lock(channel)) {
      var catalogue = new Parts(settings, pids);
      catalogue.requireSupplied();
      var parts = catalogue.inOrder();
      for (Part part : parts) {
        processes.requireFreePorts(part);
      }
      if (!Files.exists(settings.home().keyset())) {
        SecretBox.createKeyset(settings.home().keyset());
      }
      startAll(parts);
      Files.write(settings.home().localEnv(), LocalEnv.of(settings, pids.alive()).lines());
    } catch (IOException e) {
      throw new PartFailure("The stack cannot keep its files: " + e.getMessage(), e);
    }
  }

  /** The process of a part that is running, by its name in {@code POSTRIDER_PIDS}. */
  public Running part(String name) {
    return running().stream()
        .filter(running -> running.part().equals(name))
        .findFirst()
        .orElseThrow(() -> new PartFailure("%s does not run".formatted(name)));
  }

  /** What {@code local.env} says: the addresses of everything. */
  public Map<String, String> environment() {
    return LocalEnv.of(settings, running()).variables();
  }

  public List<Running> running() {
    try {
      return pids.alive();
    } catch (IOException e) {
      throw new PartFailure("The list of processes cannot be read: " + e.getMessage(), e);
    }
  }

  /** Stops every part: first those that use others. */
  public void stop() throws InterruptedException {
    stop(running());
    try {
      pids.forgetDead();
      Files.deleteIfExists(settings.home().localEnv());
    } catch (IOException e) {
      throw new PartFailure("The list of processes cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Without warning: told to stop all together, as by Ctrl-C, each waits for others that are gone.
   */
  private void kill() {
    try {
      for (Running running : running()) {
        running.kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops everything and deletes what it has kept. */
  public void forget() throws InterruptedException {
    stop();
    try {
      Directories.delete(settings.home().data());
    } catch (IOException e) {
      throw new PartFailure("The kept data cannot be deleted: " + e, e);
    }
    settings.home().create();
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Everything at once, each part as soon as those it needs are healthy. */
  private void startAll(List<Part> parts) throws IOException, InterruptedException {
    var before = pids.alive();
    var started = new LinkedHashMap<String, CompletableFuture<Running>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Part part : parts) {
        var needed = needed(part, started);
        started.put(part.name(), needed.thenApplyAsync(_ -> keepOrStart(part), threads));
      }
      await(started.values(), threads);
    }
    var failures = failures(started.values());
    if (!failures.isEmpty()) {
      stop(pids.alive().stream().filter(running -> !before.contains(running)).toList());
      throw new PartFailure(String.join("\n", failures));
    }
  }

  private static void await(Collection<CompletableFuture<Running>> started, ExecutorService threads)
      throws InterruptedException {
    try {
      CompletableFuture.allOf(started.toArray(CompletableFuture[]::new)).get();
    } catch (ExecutionException told) {
      // by failures(), for each part
    } catch (InterruptedException e) {
      threads.shutdownNow();
      throw e;
    }
  }

  /** A part that fails takes those along that need it: one message for all of them. */
  private static Set<String> failures(Collection<CompletableFuture<Running>> started) {
    return started.stream()
        .filter(CompletableFuture::isCompletedExceptionally)
        .map(CompletableFuture::exceptionNow)
        .map(cause -> cause instanceof PartFailure known ? known.getMessage() : cause.toString())
        .collect(toCollection(LinkedHashSet::new));
  }

  private static CompletableFuture<Void> needed(
      Part part, Map<String, CompletableFuture<Running>> started) {
    var needed = part.needs().stream().map(started::get).filter(f -> f != null);
    return CompletableFuture.allOf(needed.toArray(CompletableFuture[]::new));
  }

  private Running keepOrStart(Part part) {
    try {
      var kept = processes.keep(part);
      return kept.isPresent() ? kept.get() : processes.start(part);
    } catch (IOException e) {
      throw new PartFailure("%s cannot be started: %s".formatted(part.name(), e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartFailure(part.name() + " was interrupted", e);
    }
  }

  private void stop(List<Running> some) throws InterruptedException {
    for (boolean usesOthers : new boolean[] {true, false}) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        threads.invokeAll(
            some.stream()
                .filter(running -> Parts.usesOthers(running.part()) == usesOthers)
                .map(this::stopping)
                .toList());
      }
    }
  }

  private Callable<Void> stopping(Running running) {
    return () -> {
      processes.stop(running, Parts.stopSignal(running.part()));
      return null;
    };
  }

  private FileChannel openLock() throws IOException {
    return FileChannel.open(
        settings.home().data().resolve("lock"),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    try {
      var lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException sameJvm) {
      // told below, like a lock held by another process
    }
    throw new PartFailure("Another deploy/up is starting this stack right now: wait for it.");
  }
}
