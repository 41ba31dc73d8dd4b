// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.retry;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The delays that retry topics have. A longer or odd wait is made of them: a delivery goes to the
 * longest tier that fits and hops down the rest, so that within one tier everything falls due in
 * the order it came.
 *
 * @param tiers longest first
 */
public record RetryTiers(List<Tier> tiers) {

  /** 1s, 5s, 30s, 2m, 10m, 1h and 6h. */
  public static final RetryTiers DEFAULT =
      of(
          List.of(
              Duration.ofSeconds(1),
              Duration.ofSeconds(5),
              Duration.ofSeconds(30),
              Duration.ofMinutes(2),
              Duration.ofMinutes(10),
              Duration.ofHours(1),
              Duration.ofHours(6)));

  /** Sorts them and refuses none at all, doubles, and delays that are no whole seconds. */
  public RetryTiers {
    tiers = tiers.stream().sorted(Comparator.comparing(Tier::delay).reversed()).toList();
    if (tiers.isEmpty() || tiers.stream().map(Tier::delay).distinct().count() < tiers.size()) {
      throw new IllegalArgumentException("retry tiers must be one or more different delays");
    }
  }

  /** Tiers of these delays, in any order. */
  public static RetryTiers of(List<Duration> delays) {
    return new RetryTiers(delays.stream().map(Tier::new).toList());
  }

  /**
   * Where to wait: the longest tier that is not longer than the wait, else the shortest there is.
   */
  public Tier fitting(Duration wait) {
    return tiers.stream()
        .filter(tier -> tier.delay().compareTo(wait) <= 0)
        .findFirst()
        .orElse(shortest());
  }

  /**
   * This wait, or as little more as makes it a matter of so many tiers: for whoever need not be
   * back to the second, since each tier costs a record that is written and read. Where no tiers are
   * so long, the wait itself.
   *
   * @param most at least one
   */
  public Duration within(int most, Duration wait) {
    Tier first = fitting(wait);
    Duration rest = wait.minus(first.delay());
    Optional<Duration> one =
        tiers.reversed().stream()
            .map(Tier::delay)
            .filter(delay -> delay.compareTo(wait) >= 0)
            .findFirst();
    if (most == 1 || !rest.isPositive()) {
      return one.orElse(wait);
    }
    Duration several = first.delay().plus(within(most - 1, rest));
    return one.filter(delay -> delay.compareTo(several) < 0).orElse(several);
  }

  /** The shortest tier: no wait below its delay can be parked exactly. */
  public Tier shortest() {
    return tiers.getLast();
  }

  /**
   * One delay.
   *
   * @param delay whole seconds, at least one
   */
  public record Tier(Duration delay) {

    /** Refuses delays that have no name. */
    public Tier {
      if (delay.toSeconds() < 1 || !delay.equals(Duration.ofSeconds(delay.toSeconds()))) {
        throw new IllegalArgumentException(
            "a retry tier is one or more whole seconds: was " + delay);
      }
    }

    /** As in topic names and metric labels: {@code 5s}, {@code 2m}, {@code 6h}. */
    public String label() {
      long seconds = delay.toSeconds();
      if (seconds % 3600 == 0) {
        return seconds / 3600 + "h";
      }
      return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
  }
}
