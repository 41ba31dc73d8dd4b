// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import java.util.concurrent.ScheduledExecutorService;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.LoopResources;

/**
 * On which threads a client reads, and which of them says that a time is over.
 *
 * @param own whether they end with the client
 */
record Threads(LoopResources loops, Scheduler timer, boolean own) {

  /** Reactor's, which all clients of this process use. */
  static Threads shared() {
    return new Threads(HttpResources.get(), Schedulers.parallel(), false);
  }

  /**
   * One for this client alone. It says that a time is over only after it has read what is there.
   */
  static Threads one(String name) {
    var loops = LoopResources.create(name, 1, true);
    return new Threads(loops, Schedulers.fromExecutorService(first(loops)), true);
  }

  ScheduledExecutorService first() {
    return first(loops);
  }

  private static ScheduledExecutorService first(LoopResources loops) {
    return loops.onClient(LoopResources.DEFAULT_NATIVE).next();
  }

  void close() {
    if (own) {
      loops.dispose();
    }
  }
}
