// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.route;

import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.trace.Step;
import dev.postrider.model.trace.Tracing;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.EventCodec;
import dev.postrider.model.wire.EventCodec.Decoded;
import dev.postrider.model.wire.ReadingLag;
import dev.postrider.model.wire.Topics;
import dev.postrider.model.wire.UndecodableCodec;
import dev.postrider.worker.directory.Directory;
import dev.postrider.worker.directory.DirectoryFeed;
import dev.postrider.worker.metrics.DeliveryMetrics;
import dev.postrider.worker.metrics.DeliveryMetrics.EventResult;
import dev.postrider.worker.publish.Publisher;
import io.micrometer.tracing.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.kafka.receiver.KafkaReceiver;
import reactor.kafka.receiver.ReceiverOptions;
import reactor.kafka.receiver.ReceiverRecord;
import reactor.util.retry.Retry;

/**
 * The way from {@code events} to {@code deliveries}:
 *
 * <pre>
 *   poll ─► wait until the directory is as new ─► decode ─┬─► match ─► one delivery each ─┬─► acks ─► commit
 *    ▲                                                    └─► undecodable, with reason ───┤
 *    └──────────────────── the next batch need not wait for the acks ─────────────────────┘
 * </pre>
 *
 * A crash between acks and commit routes a batch twice, and so does a rebalance; the deliveries
 * have the same ids then, and the dispatcher drops the second of each.
 */
public final class EventRoute implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventRoute.class);
  private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

  /** So many batches may be on their way to Kafka; what they become stays in order all the same. */
  private static final int AHEAD = 8;

  /** What one fetch brings at most, in bytes: it waits in memory, eight batches ahead. */
  private static final int LARGEST_FETCH = 4 * 1024 * 1024;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final DirectoryFeed feed;
  private final Router router;
  private final Publisher publisher;
  private final DeliveryMetrics metrics;
  private final Tracing tracing;
  private final InstantSource clock;
  private final KafkaReceiver<byte[], byte[]> receiver;
  private final Disposable.Composite running = Disposables.composite();
  private final Scheduler thread = Schedulers.newSingle("route", true);
  private final ReadingLag lag;

  /** What one poll brought, and its deliveries on their way to Kafka. */
  private record Batch(
      List<ReceiverRecord<byte[], byte[]>> records, CompletableFuture<Void> written) {}

  /** Reads as a member of the group {@code postrider-route}. */
  public EventRoute(
      String bootstrapServers,
      Directory directory,
      DirectoryFeed feed,
      Publisher publisher,
      DeliveryMetrics metrics,
      Tracing tracing,
      InstantSource clock) {
    this.feed = feed;
    this.router = new Router(directory);
    this.publisher = publisher;
    this.metrics = metrics;
    this.tracing = tracing;
    this.clock = clock;
    this.receiver = KafkaReceiver.create(options(bootstrapServers));
    this.lag = new ReadingLag(clock);
    metrics.gauge("postrider.intake.lag.records", lag::records, "topic", Topics.EVENTS);
    metrics.gauge("postrider.intake.lag.seconds", lag::seconds, "topic", Topics.EVENTS);
  }

  private static ReceiverOptions<byte[], byte[]> options(String bootstrapServers) {
    return ReceiverOptions.<byte[], byte[]>create(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "postrider-route",
                "auto.offset.reset",
                "earliest",
                "fetch.max.bytes",
                LARGEST_FETCH,
                "receive.buffer.bytes",
                -1,
                "session.timeout.ms",
                6000,
                "heartbeat.interval.ms",
                1500,
                "metadata.max.age.ms",
                (int) Topics.CHANGES_SEEN_WITHIN.toMillis(),
                // It polls all the time; one that reactor-kafka fails to close stays for so long.
                "max.poll.interval.ms",
                30_000))
        .withKeyDeserializer(new ByteArrayDeserializer())
        .withValueDeserializer(new ByteArrayDeserializer())
        .commitInterval(COMMIT_INTERVAL)
        // With any number, what was acknowledged is forgotten when its partition is taken away: it
        // is another's to commit, who may be further by now.
        .maxDeferredCommits(Integer.MAX_VALUE)
        // It may count a record twice that it reads again, and each rebalance waits for both: 60 s.
        .maxDelayRebalance(Duration.ZERO)
        .subscription(List.of(Topics.EVENTS));
  }

  /** Starts to route. */
  public void start() {
    running.add(
        receiver
            .receiveBatch()
            .concatMap(Flux::collectList, 1)
            .concatMap(this::published, 1)
            .concatMap(this::acknowledged, AHEAD)
            .doOnSubscribe(_ -> lag.anew())
            .doOnError(fault -> LOG.warn("cannot route, trying again: {}", fault.toString()))
            .retryWhen(Retry.backoff(Long.MAX_VALUE, COMMIT_INTERVAL).maxBackoff(LONGEST_PAUSE))
            .subscribe());
    running.add(
        Flux.interval(COMMIT_INTERVAL)
            .concatMap(_ -> receiver.doOnConsumer(this::takeLag))
            .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, COMMIT_INTERVAL))
            .subscribe());
  }

  private boolean takeLag(Consumer<byte[], byte[]> consumer) {
    lag.take(consumer);
    return true;
  }

  private Mono<Batch> published(List<ReceiverRecord<byte[], byte[]>> records) {
    lag.begun(Instant.ofEpochMilli(records.getFirst().timestamp()));
    return Mono.fromFuture(feed::caughtUp)
        .publishOn(thread)
        .then(Mono.fromSupplier(() -> publish(records)));
  }

  private Batch publish(List<ReceiverRecord<byte[], byte[]>> records) {
    Instant now = clock.instant();
    CompletableFuture<?>[] written =
        records.stream()
            .flatMap(record -> outgoing(record, now))
            .map(publisher::publish)
            .toArray(CompletableFuture<?>[]::new);
    return new Batch(records, CompletableFuture.allOf(written));
  }

  private Mono<Void> acknowledged(Batch batch) {
    return Mono.fromFuture(batch.written()).doOnSuccess(_ -> acknowledge(batch.records()));
  }

  private void acknowledge(List<ReceiverRecord<byte[], byte[]>> records) {
    records.forEach(record -> record.receiverOffset().acknowledge());
    lag.done();
  }

  /** A defect of ours with one record must not stop all that come behind it. */
  private Stream<ProducerRecord<byte[], byte[]>> outgoing(
      ConsumerRecord<byte[], byte[]> record, Instant now) {
    try {
      return switch (EventCodec.decode(record)) {
        case Decoded.Event(PlatformEvent event) -> routed(event, now);
        case Decoded.Undecodable(String reason) -> putAside(record, reason);
      };
    } catch (RuntimeException e) {
      LOG.error("{}-{} at {}", record.topic(), record.partition(), record.offset(), e);
      return putAside(record, "cannot be routed: " + e);
    }
  }

  private Stream<ProducerRecord<byte[], byte[]>> routed(PlatformEvent event, Instant now) {
    Span span = tracing.begin(Step.ROUTE, event);
    List<ProducerRecord<byte[], byte[]>> deliveries =
        router.route(tracing.passedOn(span, event)).stream()
            .map(delivery -> DeliveryCodec.write(Topics.DELIVERIES, delivery, now))
            .toList();
    span.tag("postrider.deliveries", deliveries.size()).end();
    metrics.eventHandled(deliveries.isEmpty() ? EventResult.UNMATCHED : EventResult.ROUTED);
    return deliveries.stream();
  }

  private Stream<ProducerRecord<byte[], byte[]>> putAside(
      ConsumerRecord<byte[], byte[]> record, String reason) {
    metrics.eventHandled(EventResult.UNDECODABLE);
    return Stream.of(UndecodableCodec.write(record, reason));
  }

  /** Stops taking events; what was read but not committed is routed again by whoever comes next. */
  @Override
  public void close() {
    running.dispose();
  }
}
