// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import dev.postrider.local.process.PartFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What {@code deploy/up} runs: {@code Up CHECKOUT [--detach] [--fresh]}. */
final class Up {

  private final Settings settings;
  private final Console console = new Console(System.out);

  private Up(Settings settings) {
    this.settings = settings;
  }

  static void main(String[] arguments) throws InterruptedException {
    var flags = Set.copyOf(List.of(arguments).subList(1, arguments.length));
    var home = Home.of(Path.of(arguments[0]));
    try {
      new Up(Settings.of(home, System.getenv())).run(flags);
    } catch (PartFailure e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private void run(Set<String> flags) throws InterruptedException {
    var begin = System.nanoTime();
    var stack = LocalStack.of(settings, console);
    if (flags.contains("--fresh")) {
      stack.forget();
    }
    if (!flags.contains("--detach")) {
      stopOnExit(stack);
    }
    stack.restore();
    console.up(settings, Duration.ofNanos(System.nanoTime() - begin));
    if (!flags.contains("--detach")) {
      System.out.println("Ctrl-C stops it.");
      var ends = stack.running().stream().map(console::watch).toArray(CompletableFuture[]::new);
      CompletableFuture.allOf(ends).join();
    }
  }

  /** Ctrl-C in the middle of a start first lets go of what is being started. */
  private static void stopOnExit(LocalStack stack) {
    var main = Thread.currentThread();
    var stop =
        new Thread(
            () -> {
              main.interrupt();
              stack.close();
            });
    Runtime.getRuntime().addShutdownHook(stop);
  }
}
