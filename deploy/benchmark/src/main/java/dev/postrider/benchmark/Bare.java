// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.local.service.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What the bare client managed in one run of the benchmark, window by window. */
record Bare(Spread requestsPerSecond, Spread cpuMicrosPerRequest) {

  /** More than one for each host, and enough to keep two cores busy: 47,000 to 61,000/s. */
  static final int CONCURRENCY = 128;

  /** Requests until it is as quick as it gets, on a slow machine as well. */
  private static final int WARM_UP = 600_000;

  private static final int WINDOW = 3;
  private static final int WINDOWS = 3;

  static Bare measure(Receivers receivers, Options options) {
    var arguments = new ArrayList<Object>();
    arguments.addAll(List.of(CONCURRENCY, options.payload(), WARM_UP, WINDOW, WINDOWS));
    IntStream.range(0, Receivers.HOSTS)
        .forEach(destination -> arguments.add(receivers.url(destination, "ok")));
    var rates = new ArrayList<Double>();
    var micros = new ArrayList<Double>();
    try (var client = Child.start(BareClient.class, Service.OPTIONS, arguments)) {
      for (int window = 0; window < WINDOWS; window++) {
        var words = client.answer().split(" ", -1);
        double count = Long.parseLong(words[0]);
        rates.add(count * 1e9 / Long.parseLong(words[1]));
        micros.add(Long.parseLong(words[2]) / 1e3 / count);
      }
    }
    return new Bare(Spread.of(rates), Spread.of(micros));
  }
}
