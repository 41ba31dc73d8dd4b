// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Asks a server whether it works. */
@FunctionalInterface
public interface Probe {

  /** Between two questions. */
  Duration INTERVAL = Duration.ofMillis(100);

  /** True when the server answers as it should; answers or fails within about two seconds. */
  boolean healthy() throws IOException, InterruptedException;

  /** Healthy when a GET is answered with 200. */
  static Probe http(URI uri) {
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
    return () -> Http.CLIENT.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  /** Asks until the server works, the time is over, or there is no use in waiting any longer. */
  default boolean worksWithin(Duration limit, BooleanSupplier hopeful) throws InterruptedException {
    var deadline = System.nanoTime() + limit.toNanos();
    while (hopeful.getAsBoolean() && System.nanoTime() < deadline) {
      if (works()) {
        return hopeful.getAsBoolean();
      }
      Thread.sleep(INTERVAL);
    }
    return false;
  }

  private boolean works() throws InterruptedException {
    try {
      return healthy();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** One client for all probes; made when the first is used. */
  final class Http {
    private static final HttpClient CLIENT =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    private Http() {}
  }
}
