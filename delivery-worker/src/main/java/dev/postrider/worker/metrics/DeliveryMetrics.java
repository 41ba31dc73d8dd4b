// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.metrics;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.egress.AddressVerdict;
import dev.postrider.model.egress.Stage;
import dev.postrider.model.retry.RetryTiers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * What the worker counts. Every series exists from the start, at zero. The second of these holds at
 * every moment, give or take the attempt that is just being counted; the first at rest:
 *
 * <ul>
 *   <li>deliveries made = delivered + failed + cancelled + those that wait in retry tiers + in
 *       flight
 *   <li>attempts = the sum over their outcomes = the count of their durations
 * </ul>
 */
public final class DeliveryMetrics {

  private static final Duration[] LATENCIES =
      Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private record Parking(RetryTiers.Tier tier, Decision.Why why) {}

  private final MeterRegistry registry;
  private final Map<EventResult, Counter> events = new ConcurrentHashMap<>();
  private final Map<DeliveryState, Counter> deliveries = new ConcurrentHashMap<>();
  private final Map<String, Counter> attempts = new ConcurrentHashMap<>();
  private final Map<Parking, Counter> parkings = new ConcurrentHashMap<>();
  private final Map<String, Timer> durations = new ConcurrentHashMap<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Timer latency;
  private final Timer lateness;

  /** Registers every series. */
  public DeliveryMetrics(MeterRegistry registry, RetryTiers tiers) {
    this.registry = registry;
    this.latency = histogram("postrider.delivery.latency");
    this.lateness = histogram("postrider.retry.lateness");
    gauge("postrider.in.flight", inFlight::get);
    for (EventResult result : EventResult.values()) {
      events(result);
    }
    Stream.of(DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.CANCELLED)
        .forEach(this::deliveries);
    possibleOutcomes().forEach(this::attempts);
    Stream.of("accepted", "rejected", "unreachable", "refused").forEach(this::durations);
    for (RetryTiers.Tier tier : tiers.tiers()) {
      for (Decision.Why why : Decision.Why.values()) {
        parkings(tier, why);
      }
    }
    for (Stage stage : Stage.values()) {
      for (AddressVerdict why : AddressVerdict.values()) {
        egressRefusals(stage, why);
      }
    }
  }

  /** What routing made of a record of the events topic. */
  public enum EventResult {
    ROUTED,
    UNMATCHED,
    UNDECODABLE
  }

  /** A record of the events topic was handled. */
  public void eventHandled(EventResult result) {
    events(result).increment();
  }

  /** A request is about to be sent. */
  public void attemptStarted() {
    inFlight.incrementAndGet();
  }

  /** A request has come to its outcome. */
  public void attemptEnded(Attempt attempt) {
    inFlight.decrementAndGet();
    attempts(attempt.outcome()).increment();
    durations(attempt.outcome().label()).record(attempt.duration());
  }

  /** A delivery has come to its end. */
  public void deliveryFinished(DeliveryState state) {
    deliveries(state).increment();
  }

  /** A first attempt was accepted this long after Kafka had stored the event. */
  public void acceptedAfter(Duration sinceEvent) {
    latency.record(sinceEvent);
  }

  /** A delivery that had waited was sent this long after it was due. */
  public void sentLate(Duration sinceDue) {
    lateness.record(sinceDue);
  }

  /** A delivery was put off. */
  public void parked(RetryTiers.Tier tier, Decision.Why why) {
    parkings(tier, why).increment();
  }

  /** The egress guard said no. */
  public void egressRefused(Stage stage, AddressVerdict why) {
    egressRefusals(stage, why).increment();
  }

  /** Publishes a number that is asked for at each scrape; the supplier must be cheap. */
  public void gauge(String name, Supplier<Number> value, String... tags) {
    Gauge.builder(name, value).tags(tags).register(registry);
  }

  /**
   * Publishes what a client of Kafka knows of itself; {@code application.yaml} names the few of its
   * many numbers that are of use.
   */
  public void watch(Producer<?, ?> producer) {
    new KafkaClientMetrics(producer).bindTo(registry);
  }

  /** The same of a consumer. */
  public void watch(Consumer<?, ?> consumer) {
    new KafkaClientMetrics(consumer).bindTo(registry);
  }

  private Counter events(EventResult result) {
    return events.computeIfAbsent(
        result, _ -> registry.counter("postrider.events", "result", lower(result)));
  }

  private Counter deliveries(DeliveryState state) {
    return deliveries.computeIfAbsent(
        state, _ -> registry.counter("postrider.deliveries", "result", lower(state)));
  }

  private Counter attempts(Outcome outcome) {
    return attempts.computeIfAbsent(
        outcome.reason(),
        reason ->
            registry.counter("postrider.attempts", "outcome", outcome.label(), "reason", reason));
  }

  private Timer durations(String outcome) {
    return durations.computeIfAbsent(
        outcome,
        label ->
            Timer.builder("postrider.attempt.duration")
                .tag("outcome", label)
                .serviceLevelObjectives(LATENCIES)
                .register(registry));
  }

  private Counter parkings(RetryTiers.Tier tier, Decision.Why why) {
    return parkings.computeIfAbsent(
        new Parking(tier, why),
        _ -> registry.counter("postrider.parked", "tier", tier.label(), "why", lower(why)));
  }

  private Counter egressRefusals(Stage stage, AddressVerdict why) {
    return registry.counter("postrider.egress.refused", "stage", stage.label(), "why", lower(why));
  }

  private Timer histogram(String name) {
    return Timer.builder(name).serviceLevelObjectives(LATENCIES).register(registry);
  }

  private static List<Outcome> possibleOutcomes() {
    return Stream.of(
            Stream.of(new Outcome.Accepted(200)),
            Stream.of(100, 300, 400, 410, 429, 500, 503)
                .map(status -> new Outcome.Rejected(status, null)),
            Stream.of(Outcome.Cause.values()).map(Outcome.Unreachable::new),
            Stream.of(Outcome.Why.values()).map(Outcome.Refused::new))
        .flatMap(outcomes -> outcomes)
        .map(Outcome.class::cast)
        .toList();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
