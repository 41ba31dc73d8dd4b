// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.retry;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.retry.RetryTiers.Tier;
import dev.postrider.model.trace.Step;
import dev.postrider.model.trace.Tracing;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.metrics.DeliveryMetrics;
import dev.postrider.worker.publish.Publisher;
import io.micrometer.tracing.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/**
 * Puts deliveries off: into the longest tier that fits the wait, from where they hop down until
 * they are due.
 */
public final class RetryTopics {

  private final RetryTiers tiers;
  private final Publisher publisher;
  private final DeliveryMetrics metrics;
  private final Tracing tracing;
  private final InstantSource clock;

  /** Writes to the topics of these tiers. */
  public RetryTopics(
      RetryTiers tiers,
      Publisher publisher,
      DeliveryMetrics metrics,
      Tracing tracing,
      InstantSource clock) {
    this.tiers = tiers;
    this.publisher = publisher;
    this.metrics = metrics;
    this.tracing = tracing;
    this.clock = clock;
  }

  /** The delays there are. */
  public RetryTiers tiers() {
    return tiers;
  }

  /**
   * Completes when the delivery, which carries its due time, is safely put off.
   *
   * @param decided when; the tier's delay counts from here, however long the record took to be
   *     written
   */
  public CompletableFuture<Void> park(Delivery delivery, Decision.Why why, Instant decided) {
    Tier tier = tierFor(delivery, decided);
    metrics.parked(tier, why);
    Span span = tracing.begin(Step.PARK, delivery);
    return write(tier, delivery, decided).whenComplete((_, _) -> span.end());
  }

  /**
   * Completes when the delivery lies in the tier that fits the rest of its wait.
   *
   * @param left when its time in the last tier was over; that counts, unless the reader was late
   */
  public CompletableFuture<Void> hop(Delivery delivery, Instant left) {
    Instant now = clock.instant();
    Instant from = Duration.between(left, now).compareTo(tiers.shortest().delay()) < 0 ? left : now;
    return write(tierFor(delivery, from), delivery, from);
  }

  private CompletableFuture<Void> write(Tier tier, Delivery delivery, Instant from) {
    return publisher.publish(DeliveryCodec.write(Topics.retry(tier), delivery, from));
  }

  private Tier tierFor(Delivery delivery, Instant from) {
    return delivery.due() == null
        ? tiers.shortest()
        : tiers.fitting(Duration.between(from, delivery.due()));
  }
}
