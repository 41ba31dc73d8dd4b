// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.kafka.KafkaSettings;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.trace.Step;
import dev.postrider.model.trace.Tracing;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Position;
import dev.postrider.model.wire.ReadingLag;
import dev.postrider.model.wire.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Span;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.kafka.receiver.KafkaReceiver;
import reactor.kafka.receiver.MicrometerConsumerListener;
import reactor.kafka.receiver.ReceiverOptions;
import reactor.kafka.receiver.ReceiverRecord;
import reactor.util.retry.Retry;

/**
 * Writes what workers report into PostgreSQL.
 *
 * <pre>
 *   poll ─► decode ─► two statements ─► consequences ─► acknowledge ─► next batch, decoded meanwhile
 *             │            │ └ PostgreSQL away: again, for as long as it takes
 *             │            └ a report that PostgreSQL refuses: one by one, that one is skipped
 *             └ no report: skipped, logged, counted
 * </pre>
 *
 * Offsets follow the rows, by a tenth of a second, so a crash writes a few batches twice; the
 * second time changes nothing.
 */
@Component
final class Recorder implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  private static final String GROUP = "postrider-recorder";
  private static final int LARGEST_BATCH = 2000;

  /** In bytes. A transaction costs the same for one report as for hundreds. */
  private static final int WORTH_A_BATCH = 512 * 1024;

  private static final int WORTH_SHARING = 200;

  private static final Duration LONGEST_GATHERING = Duration.ofMillis(100);
  private static final Duration BETWEEN_COMMITS = Duration.ofMillis(100);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration WAIT = Duration.ofSeconds(5);

  /** After that, what a dead one read is another's to write. */
  private static final Duration SESSION = Duration.ofSeconds(6);

  private final KafkaReceiver<byte[], byte[]> receiver;
  private final OutcomeBatches outcomes;
  private final Consequences consequences;
  private final Tracing tracing;
  private final DistributionSummary batchSize;
  private final Counter skipped;
  private final AtomicBoolean failing = new AtomicBoolean();
  private final ReadingLag lag;
  private volatile boolean wanted;
  private Disposable running = () -> {};

  Recorder(
      KafkaSettings settings,
      OutcomeBatches outcomes,
      Consequences consequences,
      Tracing tracing,
      MeterRegistry meters,
      Clock clock) {
    this.receiver =
        KafkaReceiver.create(
            options(settings).consumerListener(new MicrometerConsumerListener(meters)));
    this.outcomes = outcomes;
    this.consequences = consequences;
    this.tracing = tracing;
    this.lag = new ReadingLag(clock);
    this.batchSize =
        DistributionSummary.builder("postrider.recorder.batch.size")
            .description("reports written by one statement")
            .serviceLevelObjectives(1, 10, 50, 100, 250, 500, 1000, 2000)
            .register(meters);
    this.skipped =
        Counter.builder("postrider.recorder.skipped")
            .description("records of the outcomes topic that could not be written")
            .register(meters);
    meters.gauge("postrider.recorder.lag.seconds", lag, ReadingLag::seconds);
  }

  private static ReceiverOptions<byte[], byte[]> options(KafkaSettings settings) {
    return ReceiverOptions.<byte[], byte[]>create(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                settings.kafka(),
                ConsumerConfig.CLIENT_ID_CONFIG,
                "recorder",
                ConsumerConfig.GROUP_ID_CONFIG,
                GROUP,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                (int) SESSION.toMillis(),
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                (int) SESSION.dividedBy(4).toMillis(),
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                (int) Topics.CHANGES_SEEN_WITHIN.toMillis(),
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                LARGEST_BATCH,
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                WORTH_A_BATCH,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                (int) LONGEST_GATHERING.toMillis()))
        .consumerProperty(ConsumerConfig.RECEIVE_BUFFER_CONFIG, -1) // as the system sees fit
        .withKeyDeserializer(new ByteArrayDeserializer())
        .withValueDeserializer(new ByteArrayDeserializer())
        .commitInterval(BETWEEN_COMMITS)
        // What is being written is written again by whoever comes next, which changes nothing.
        .maxDelayRebalance(Duration.ZERO)
        .subscription(List.of(Topics.OUTCOMES));
  }

  @Override
  public void start() {
    wanted = true;
    Scheduler writing = Schedulers.newSingle("recorder", true);
    Disposable reading =
        receiver
            .receiveBatch(1)
            .concatMap(polled -> polled.collectList().map(this::decoded), 1)
            .publishOn(writing, 1)
            .concatMap(this::write, 0)
            .doOnSubscribe(_ -> lag.anew())
            .doOnError(e -> LOG.warn("reading outcomes begins anew: {}", e.toString()))
            .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(500)).maxBackoff(WAIT))
            .subscribe();
    Disposable measuring =
        Flux.interval(BETWEEN_LOOKS)
            .concatMap(_ -> receiver.doOnConsumer(this::takeLag))
            .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, BETWEEN_LOOKS))
            .subscribe();
    running = Disposables.composite(reading, measuring, writing);
  }

  @Override
  public void stop() {
    wanted = false;
    running.dispose();
  }

  @Override
  public boolean isRunning() {
    return wanted;
  }

  /** What one poll brought. */
  private record Batch(List<ReceiverRecord<byte[], byte[]>> records, List<Recorded> reports) {}

  private Batch decoded(List<ReceiverRecord<byte[], byte[]>> records) {
    List<Recorded> reports = new ArrayList<>(records.size());
    records.forEach(record -> decode(record, reports));
    return new Batch(records, reports);
  }

  private Mono<Void> write(Batch batch) {
    if (batch.records().isEmpty()) {
      return Mono.empty();
    }
    lag.begun(Instant.ofEpochMilli(batch.records().getFirst().timestamp()));
    List<Recorded> reports = batch.reports();
    List<Span> spans =
        reports.stream().map(one -> tracing.begin(Step.RECORD, one.report())).toList();
    return rows(reports)
        .doFinally(_ -> spans.forEach(Span::end))
        .then(Mono.defer(() -> consequences(reports)))
        .then(Mono.fromRunnable(() -> noteSuccess(batch)));
  }

  private Mono<Void> rows(List<Recorded> batch) {
    return Flux.fromIterable(shares(batch))
        .flatMap(outcomes::write)
        .then()
        .doOnError(this::noteFailure)
        .retryWhen(untilAllIsBack())
        .onErrorResume(e -> oneByOne(batch));
  }

  /** Two for two connections, so that no processor waits; all of one destination is in one. */
  private static Collection<List<Recorded>> shares(List<Recorded> batch) {
    return batch.size() < WORTH_SHARING
        ? List.of(batch)
        : batch.stream()
            .collect(
                Collectors.partitioningBy(
                    recorded -> recorded.report().destination().hashCode() % 2 == 0))
            .values();
  }

  private Mono<Void> consequences(List<Recorded> batch) {
    if (batch.isEmpty()) {
      return Mono.empty();
    }
    return consequences
        .of(batch.stream().map(Recorded::report).toList())
        .doOnError(this::noteFailure)
        .retryWhen(untilAllIsBack())
        .onErrorResume(e -> leaveOut(batch.size(), e));
  }

  private static Mono<Void> leaveOut(int size, Throwable why) {
    LOG.error("the consequences of {} reports are left out: {}", size, why.toString());
    return Mono.empty();
  }

  private Retry untilAllIsBack() {
    return Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(200))
        .maxBackoff(WAIT)
        .filter(e -> !OutcomeBatches.isRefusal(e));
  }

  /** Something in the batch is not to PostgreSQL's liking; the rest must not suffer. */
  private Mono<Void> oneByOne(List<Recorded> batch) {
    return Flux.fromIterable(batch)
        .concatMap(
            one ->
                outcomes
                    .write(List.of(one))
                    .retryWhen(untilAllIsBack())
                    .onErrorResume(e -> skip("position " + one.position(), e)))
        .then();
  }

  private void decode(ReceiverRecord<byte[], byte[]> record, List<Recorded> batch) {
    try {
      if (record.headers().lastHeader(Topics.MOVED_HEADER) == null) {
        Report report = ModelJson.readReport(record.value());
        batch.add(new Recorded(report, Position.of(record)));
      }
    } catch (IllegalArgumentException | NullPointerException e) {
      skip("%d-%d".formatted(record.partition(), record.offset()), e).subscribe();
    }
  }

  private Mono<Void> skip(String where, Throwable why) {
    skipped.increment();
    LOG.warn("a record of {} at {} is no report: {}", Topics.OUTCOMES, where, why.toString());
    return Mono.empty();
  }

  private void noteFailure(Throwable thrown) {
    if (failing.compareAndSet(false, true)) {
      LOG.warn("outcomes wait in Kafka until this is over: {}", thrown.toString());
    }
  }

  private void noteSuccess(Batch batch) {
    batch.records().forEach(record -> record.receiverOffset().acknowledge());
    batchSize.record(batch.reports().size());
    lag.done();
    if (failing.compareAndSet(true, false)) {
      LOG.info("outcomes are being recorded again");
    }
  }

  private boolean takeLag(Consumer<byte[], byte[]> consumer) {
    lag.take(consumer);
    return true;
  }
}
