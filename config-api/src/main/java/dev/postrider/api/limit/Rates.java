// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.postrider.api.problem.Problem;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Token buckets, one for each thing that is counted. They hold a second's worth, and live in this
 * process: of several, each grants the whole rate.
 */
@Component
public final class Rates {

  private static final Duration FULL_AGAIN = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int MOST = 100_000;

  private final LoadingCache<Rate, Bucket> buckets =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(FULL_AGAIN).build(Rates::bucket);

  Rates() {}

  /**
   * Something that is counted; with another rate it is counted anew.
   *
   * @param what such as {@code events of acme}, unique among all that are counted
   * @param perSecond at least 1
   * @param burst how much at once, at least {@code perSecond}
   */
  public record Rate(String what, int perSecond, int burst) {

    /** A second's worth at once. */
    public static Rate of(String what, int perSecond) {
      return new Rate(what, perSecond, perSecond);
    }
  }

  /**
   * What is left.
   *
   * @param delay zero when it was granted
   * @param reset until the whole burst is there again
   */
  record Share(long left, Duration delay, Duration reset) {}

  Share take(Rate rate, int amount) {
    ConsumptionProbe probe = buckets.get(rate).tryConsumeAndReturnRemaining(amount);
    return new Share(
        probe.getRemainingTokens(),
        Duration.ofNanos(probe.getNanosToWaitForRefill()),
        Duration.ofNanos(probe.getNanosToWaitForReset()));
  }

  /** Takes that much, or throws a 429 that says when there will be enough. */
  public void spend(Rate rate, int amount) {
    Duration delay = take(rate, amount).delay();
    if (delay.isPositive()) {
      throw Problem.tooMany(
          "the limit is %d %s a second".formatted(rate.perSecond(), rate.what()), delay);
    }
  }

  private static Bucket bucket(Rate rate) {
    Bandwidth bandwidth =
        Bandwidth.builder().capacity(rate.burst()).refillGreedy(rate.perSecond(), SECOND).build();
    return Bucket.builder().addLimit(bandwidth).build();
  }
}
