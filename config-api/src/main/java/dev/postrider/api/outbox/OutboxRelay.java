// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.kafka.RecordWriter;
import dev.postrider.api.tenant.Columns;
import dev.postrider.api.tenant.SystemTransactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Publishes what waits in the outbox, oldest first.
 *
 * <pre>
 *   bell (a commit) ─┐
 *                    ├─► lock ─► read ─► write to Kafka, all acks ─► delete ─► commit ─► tell waiters
 *   tick (1 s) ──────┘     └ held by another instance: it publishes, look again soon
 * </pre>
 *
 * One instance relays at a time, by an advisory lock that ends with the transaction; a crash
 * between Kafka's ack and the commit publishes the same records again, which changes nothing.
 */
@Component
final class OutboxRelay implements InitializingBean, DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration LONGEST_WAIT = Duration.ofMillis(2800);
  private static final int BATCH = 200;

  private final SystemTransactions transactions;
  private final RecordWriter kafka;
  private final Sinks.Many<Boolean> bell = Sinks.many().multicast().directBestEffort();
  private final Map<Long, Sinks.Empty<Void>> waiters = new ConcurrentHashMap<>();
  private final AtomicLong pending = new AtomicLong();
  private final AtomicBoolean failing = new AtomicBoolean();
  private Disposable running = Disposables.disposed();

  OutboxRelay(SystemTransactions transactions, RecordWriter kafka, MeterRegistry meters) {
    this.transactions = transactions;
    this.kafka = kafka;
    meters.gauge("postrider.outbox.pending", pending);
  }

  @Override
  public void afterPropertiesSet() {
    running =
        Flux.merge(bell.asFlux(), Flux.interval(Duration.ZERO, TICK).map(_ -> true))
            .onBackpressureLatest()
            .concatMap(_ -> round(), 0)
            .subscribe();
  }

  @Override
  public void destroy() {
    running.dispose();
  }

  Mono<Void> published(long id) {
    Sinks.Empty<Void> waiter = Sinks.empty();
    waiters.put(id, waiter);
    ring();
    return waiter
        .asMono()
        .timeout(LONGEST_WAIT, Mono.error(() -> new TimeoutException("not yet published: " + id)))
        .doFinally(_ -> waiters.remove(id));
  }

  private void ring() {
    bell.emitNext(true, Sinks.EmitFailureHandler.busyLooping(TICK));
  }

  /**
   * @param locked whether it was this instance's turn
   * @param last highest id published, 0 for none
   * @param left how many wait still
   */
  private record Round(boolean locked, long last, long left) {}

  private record Waiting(long id, ProducerRecord<byte[], byte[]> record) {

    static Waiting of(Readable row) {
      ByteBuffer value = row.get("value", ByteBuffer.class);
      byte[] bytes = null;
      if (value != null) {
        bytes = new byte[value.remaining()];
        value.get(bytes);
      }
      String topic = Columns.required(row, "topic", String.class);
      byte[] key = Columns.required(row, "key", String.class).getBytes(UTF_8);
      Headers headers = StoredHeaders.read(Columns.required(row, "headers", String[].class));
      return new Waiting(
          Columns.required(row, "id", Long.class),
          new ProducerRecord<>(topic, null, key, bytes, headers));
    }
  }

  private Mono<Void> round() {
    // Whoever waits now has committed, so its entry is visible to this round or already published.
    List<Long> before = List.copyOf(waiters.keySet());
    return transactions
        .within(this::publish)
        .doOnNext(round -> settle(round, before))
        .doOnError(this::noteFailure)
        .onErrorResume(e -> countLeft())
        .then();
  }

  private Mono<Round> publish(DatabaseClient database) {
    return database
        .sql("select pg_try_advisory_xact_lock(hashtext('postrider.outbox'))")
        .map(row -> Boolean.TRUE.equals(row.get(0, Boolean.class)))
        .one()
        .flatMap(mine -> mine ? publishBatch(database) : Mono.just(new Round(false, 0, 0)));
  }

  private Mono<Round> publishBatch(DatabaseClient database) {
    return database
        .sql("select id, topic, key, headers, value from outbox order by id limit " + BATCH)
        .map(Waiting::of)
        .all()
        .collectList()
        .flatMap(batch -> batch.isEmpty() ? Mono.just(drained()) : write(database, batch));
  }

  private Mono<Round> write(DatabaseClient database, List<Waiting> batch) {
    Long[] ids = batch.stream().map(Waiting::id).toArray(Long[]::new);
    return kafka
        .write(batch.stream().map(Waiting::record).toList())
        .then(database.sql("delete from outbox where id = any(:ids)").bind("ids", ids).then())
        .then(count(database))
        .map(left -> new Round(true, ids[ids.length - 1], left));
  }

  private static Mono<Long> count(DatabaseClient database) {
    return database
        .sql("select count(*) as waiting from outbox")
        .map(row -> Columns.required(row, "waiting", Long.class))
        .one();
  }

  private static Round drained() {
    return new Round(true, Long.MAX_VALUE, 0);
  }

  private void settle(Round round, List<Long> before) {
    if (failing.compareAndSet(true, false)) {
      LOG.info("the outbox is being published again");
    }
    if (!round.locked()) {
      lookAgain(before);
      return;
    }
    pending.set(round.left());
    for (long id : before) {
      Sinks.Empty<Void> waiter = waiters.get(id);
      if (waiter != null && (id <= round.last() || round.left() == 0)) {
        waiter.tryEmitEmpty();
      }
    }
    if (round.left() > 0) {
      ring();
    }
  }

  private void lookAgain(List<Long> before) {
    if (!before.isEmpty()) {
      Mono.delay(LOOK_AGAIN).subscribe(_ -> ring());
    }
  }

  private void noteFailure(Throwable thrown) {
    if (failing.compareAndSet(false, true)) {
      LOG.warn("changes wait in the outbox until this is over: {}", thrown.toString());
    }
  }

  private Mono<Round> countLeft() {
    return transactions
        .within(OutboxRelay::count)
        .doOnNext(pending::set)
        .map(left -> new Round(false, 0, left))
        .onErrorComplete();
  }
}
