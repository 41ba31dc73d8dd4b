// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import dev.postrider.local.process.PartFailure;
import dev.postrider.local.process.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What {@code deploy/up} runs: {@code Up CHECKOUT [--detach] [--fresh]}. */
final class Up {

  private static final Duration LETTING_GO = Duration.ofSeconds(10);

  private final Settings settings;
  private final Console console = new Console(System.out);
  private volatile boolean stopping;

  private Up(Settings settings) {
    this.settings = settings;
  }

  static void main(String[] arguments) {
    var flags = Set.copyOf(List.of(arguments).subList(1, arguments.length));
    var home = Home.of(Path.of(arguments[0]));
    try {
      new Up(Settings.of(home, System.getenv())).run(flags);
    } catch (PartFailure e) {
      System.err.println(e.getMessage());
      Runtime.getRuntime().halt(1);
    } catch (InterruptedException stopping) {
      // the hook that interrupted goes on
    }
  }

  private void run(Set<String> flags) throws InterruptedException {
    var begin = System.nanoTime();
    var detach = flags.contains("--detach");
    var stack = LocalStack.of(settings, console);
    if (flags.contains("--fresh")) {
      stack.forget();
    }
    if (!detach) {
      stopOnExit(stack);
    }
    stack.restore();
    console.up(settings, Duration.ofNanos(System.nanoTime() - begin));
    if (!detach) {
      console.stay();
      watch(stack);
    }
  }

  /** Until the last part has ended, or Ctrl-C. */
  private void watch(LocalStack stack) throws InterruptedException {
    var ends = stack.running().stream().map(this::watch).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private CompletableFuture<Void> watch(Running running) {
    return running.onEnd(
        () -> {
          if (!stopping) {
            console.died(running);
          }
        });
  }

  /** Ctrl-C in the middle of a start first lets go of what is being started. */
  private void stopOnExit(LocalStack stack) {
    var main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(main, stack)));
  }

  private void stop(Thread main, LocalStack stack) {
    stopping = true;
    main.interrupt();
    try {
      main.join(LETTING_GO);
      stack.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
