// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import dev.postrider.api.problem.Fields;
import dev.postrider.model.retry.Backoff;
import dev.postrider.model.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads the member {@code retry}. */
final class RetrySettings {

  private static final List<String> STRATEGIES = List.of("exponential", "fixed", "schedule");
  private static final int DAY = 86_400;
  private static final int WEEK = 7 * DAY;
  private static final int MOST_ATTEMPTS = 100;
  private static final double LARGEST_MULTIPLIER = 10;

  private RetrySettings() {}

  static RetryPolicy read(Fields retry) {
    String strategy = retry.oneOf("strategy", STRATEGIES.getFirst(), STRATEGIES);
    Integer interval = retry.whole("interval_seconds", null, 1, WEEK);
    Double multiplier = retry.number("multiplier", 1, LARGEST_MULTIPLIER);
    Integer longest = retry.whole("max_interval_seconds", DAY, 1, WEEK);
    List<Duration> schedule = schedule(retry);
    Integer attempts = retry.whole("max_attempts", 10, 1, MOST_ATTEMPTS);
    retry.refuseUnknown();
    Duration cap = Duration.ofSeconds(Objects.requireNonNullElse(longest, DAY));
    Backoff backoff =
        switch (strategy) {
          case "fixed" -> fixed(retry, interval);
          case "schedule" -> schedule(retry, schedule);
          default -> exponential(retry, interval, multiplier, cap);
        };
    return new RetryPolicy(backoff, Objects.requireNonNullElse(attempts, 10));
  }

  private static Backoff fixed(Fields retry, @Nullable Integer interval) {
    if (interval == null) {
      retry.refuse("interval_seconds", "is required by the strategy fixed");
      return Backoff.DEFAULT;
    }
    return new Backoff.Fixed(Duration.ofSeconds(interval));
  }

  private static Backoff schedule(Fields retry, List<Duration> schedule) {
    if (schedule.isEmpty()) {
      retry.refuse("schedule_seconds", "is required by the strategy schedule");
      return Backoff.DEFAULT;
    }
    return new Backoff.Schedule(schedule);
  }

  private static Backoff exponential(
      Fields retry, @Nullable Integer interval, @Nullable Double multiplier, Duration longest) {
    if (interval != null && multiplier != null) {
      return new Backoff.Exponential(Duration.ofSeconds(interval), multiplier, longest);
    }
    if (interval != null || multiplier != null) {
      String missing = interval == null ? "interval_seconds" : "multiplier";
      retry.refuse(missing, "is required: interval_seconds and multiplier belong together");
    }
    return new Backoff.Stepped(((Backoff.Stepped) Backoff.DEFAULT).steps(), longest);
  }

  private static List<Duration> schedule(Fields retry) {
    List<Duration> waits = new ArrayList<>();
    ArrayNode normal = JsonNodeFactory.instance.arrayNode();
    for (JsonNode element : retry.list("schedule_seconds", MOST_ATTEMPTS)) {
      if (element.isInt() && element.intValue() >= 1 && element.intValue() <= WEEK) {
        waits.add(Duration.ofSeconds(element.intValue()));
        normal.add(element);
      } else {
        retry.refuse("schedule_seconds", "must be whole numbers from 1 to 604800: had " + element);
      }
    }
    retry.write("schedule_seconds", waits.isEmpty() ? JsonNodeFactory.instance.nullNode() : normal);
    return waits;
  }
}
