// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/** What a management port told of its metrics, in Prometheus' text format. */
record Scrape(String text) {

  static Scrape of(String management) throws IOException {
    URI address = URI.create(management + "/actuator/prometheus");
    try (InputStream answer = address.toURL().openStream()) {
      return new Scrape(new String(answer.readAllBytes(), UTF_8));
    }
  }

  /** Over all series of that name that have that label, as {@code name="value"}; any, if empty. */
  double sum(String name, String label) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  double sum(String name) {
    return sum(name, "");
  }
}
