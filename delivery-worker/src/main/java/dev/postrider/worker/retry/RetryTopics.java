package dev.postrider.worker.retry;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.retry.RetryTiers.Tier;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.metrics.DeliveryMetrics;
import dev.postrider.worker.publish.Publisher;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/**
 * Puts deliveries off: into the longest tier that fits the wait, from where they hop down until they are due.
 */
public final class RetryTopics {

  private final RetryTiers tiers;
  private final Publisher publisher;
  private final DeliveryMetrics metrics;
  private final InstantSource clock;

  /** Writes to the topics of these tiers. */
  public RetryTopics(
      RetryTiers tiers, Publisher publisher, DeliveryMetrics metrics, InstantSource clock) {
    this.tiers = tiers;
    this.publisher = publisher;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** The wait below which parking is too coarse; whoever must wait for less waits in memory. */
  public Duration shortestWait() {
    return tiers.shortest().delay();
  }

  /** Completes when the delivery, which carries its due time, is safely put off. */
  public CompletableFuture<Void> park(Delivery delivery, Decision.Why why) {
    Tier tier = tierFor(delivery, clock.instant());
    metrics.parked(tier, why);
    return write(tier, delivery);
  }

  /** Completes when the delivery lies in the tier that fits the rest of its wait. */
  public CompletableFuture<Void> hop(Delivery delivery) {
    return write(tierFor(delivery, clock.instant()), delivery);
  }

  private CompletableFuture<Void> write(Tier tier, Delivery delivery) {
    return publisher.publish(DeliveryCodec.write(Topics.retry(tier), delivery, clock.instant()));
  }

  private Tier tierFor(Delivery delivery, Instant now) {
    return delivery.due() == null
        ? tiers.shortest()
        : tiers.fitting(Duration.between(now, delivery.due()));
  }
}
