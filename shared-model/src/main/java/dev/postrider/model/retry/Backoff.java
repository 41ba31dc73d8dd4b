// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.retry;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** How long to wait after a failed attempt. */
public sealed interface Backoff {

  /** The wait after that many attempts have failed, counting from 1. */
  Duration after(int attempts, RandomGenerator random);

  /** Waits of 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and then 24 h, each ±20 %. */
  Backoff DEFAULT =
      new Stepped(
          List.of(
              Duration.ofSeconds(5),
              Duration.ofMinutes(5),
              Duration.ofMinutes(30),
              Duration.ofHours(2),
              Duration.ofHours(5),
              Duration.ofHours(10),
              Duration.ofHours(14),
              Duration.ofHours(20),
              Duration.ofHours(24)),
          Duration.ofHours(24));

  /**
   * The default strategy: growing steps, spread by ±20 %, so that what failed together does not
   * come back together.
   *
   * @param steps at least one; the last repeats
   * @param longest no wait is longer, the spread included
   */
  record Stepped(List<Duration> steps, Duration longest) implements Backoff {

    /** Copies the steps. */
    public Stepped {
      steps = atLeastOne(steps);
    }

    @Override
    public Duration after(int attempts, RandomGenerator random) {
      return spread(stepAt(steps, attempts), longest, random);
    }
  }

  /**
   * interval × multiplierⁿ, spread by ±20 %.
   *
   * @param interval the first wait
   * @param multiplier 1 or more
   * @param longest no wait is longer, the spread included
   */
  record Exponential(Duration interval, double multiplier, Duration longest) implements Backoff {

    /** Refuses a multiplier that would shrink. */
    public Exponential {
      positive(interval);
      if (!(multiplier >= 1)) {
        throw new IllegalArgumentException("multiplier must be 1 or more: was " + multiplier);
      }
    }

    @Override
    public Duration after(int attempts, RandomGenerator random) {
      double millis = (double) interval.toMillis() * Math.pow(multiplier, attempts - 1);
      long capped = (long) Math.min(millis, (double) longest.toMillis());
      return spread(Duration.ofMillis(capped), longest, random);
    }
  }

  /** Always the same wait, exactly. */
  record Fixed(Duration interval) implements Backoff {

    /** Refuses nothing but a wait of zero or less. */
    public Fixed {
      positive(interval);
    }

    @Override
    public Duration after(int attempts, RandomGenerator random) {
      return interval;
    }
  }

  /** The waits as listed, exactly; the last repeats. */
  record Schedule(List<Duration> waits) implements Backoff {

    /** Copies the waits. */
    public Schedule {
      waits = atLeastOne(waits);
    }

    @Override
    public Duration after(int attempts, RandomGenerator random) {
      return stepAt(waits, attempts);
    }
  }

  private static Duration stepAt(List<Duration> steps, int attempts) {
    return steps.get(Math.clamp(attempts - 1L, 0, steps.size() - 1));
  }

  private static Duration spread(Duration wait, Duration longest, RandomGenerator random) {
    long millis = (long) (wait.toMillis() * random.nextDouble(0.8, 1.2));
    return Duration.ofMillis(Math.min(millis, longest.toMillis()));
  }

  private static List<Duration> atLeastOne(List<Duration> waits) {
    if (waits.isEmpty()) {
      throw new IllegalArgumentException("a schedule needs at least one wait");
    }
    waits.forEach(Backoff::positive);
    return List.copyOf(waits);
  }

  private static void positive(Duration wait) {
    if (!wait.isPositive()) {
      throw new IllegalArgumentException("a wait must be longer than zero: was " + wait);
    }
  }
}
