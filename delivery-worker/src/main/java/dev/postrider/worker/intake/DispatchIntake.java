// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.model.wire.UndecodableCodec;
import dev.postrider.worker.dispatch.Dispatcher;
import dev.postrider.worker.intake.Assigned.Held;
import dev.postrider.worker.metrics.DeliveryMetrics;
import dev.postrider.worker.publish.Publisher;
import dev.postrider.worker.retry.RetryTopics;
import dev.postrider.worker.retry.WaitingLine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that feeds the dispatcher from {@code deliveries} and every retry tier:
 *
 * <pre>
 *   poll ─► take into the ledger ─┬─ fresh ─────────────────────► journal ─┬─ not seen ─► dispatcher.accept
 *                                 └─ tier ─► waiting line ─ due ─►         ├─ reported ─► dispatcher.repeat
 *                                                  └─ not yet ─► hop       └─ known ────► settled
 *   then: pause what is full or not due, resume the rest, commit watermarks
 * </pre>
 *
 * <p>One thread owns the consumer and everything here. It always polls, whatever is paused, so it
 * never loses its membership; it waits for nothing but Kafka. All topics have one partition count
 * and the range assignor, so all records of a destination come to one worker.
 */
public final class DispatchIntake {

  private static final Logger LOG = LoggerFactory.getLogger(DispatchIntake.class);

  private static final Duration LONGEST_POLL = Duration.ofMillis(100);
  private static final Duration POLL_WHEN_FULL = Duration.ofMillis(5);
  private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
  private static final Duration REFRESH_INTERVAL = Duration.ofMinutes(1);
  private static final Duration DRAIN_ON_REVOKE = Duration.ofSeconds(5);
  private static final Duration DRAIN_ON_CLOSE = Duration.ofSeconds(25);
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  /**
   * More than this is never unsettled in all partitions together, whatever the size of payloads; in
   * bytes.
   */
  private static final long MOST_UNSETTLED_LENGTH = 64L * 1024 * 1024;

  private final Topics topics;
  private final Dispatcher dispatcher;
  private final RetryTopics retries;
  private final Publisher publisher;
  private final OutcomeTail tail;
  private final Lag lag;
  private final Duration remembered;
  private final InstantSource clock;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, RetryTiers.Tier> tierOf;
  private final Map<TopicPartition, Assigned> assigned = new HashMap<>();
  private final Map<Integer, Journal> journals = new HashMap<>();
  private final Thread thread = Thread.ofPlatform().name("intake").unstarted(this::run);
  private Instant nextCommit = Instant.EPOCH;
  private Instant nextRefresh = Instant.EPOCH;
  private volatile boolean stopped;

  /**
   * Reads as a member of the group {@code postrider-dispatch}.
   *
   * @param remembered how long an event is known at least, so that it is not sent twice
   */
  public DispatchIntake(
      String bootstrapServers,
      Topics topics,
      Dispatcher dispatcher,
      RetryTopics retries,
      Publisher publisher,
      Duration remembered,
      DeliveryMetrics metrics,
      InstantSource clock) {
    this.topics = topics;
    this.dispatcher = dispatcher;
    this.retries = retries;
    this.publisher = publisher;
    this.tail = new OutcomeTail(bootstrapServers);
    this.lag = new Lag(topics, metrics, clock);
    this.remembered = remembered;
    this.clock = clock;
    this.tierOf =
        topics.tiers().tiers().stream().collect(Collectors.toMap(Topics::retry, tier -> tier));
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "postrider-dispatch",
                "partition.assignment.strategy",
                RangeAssignor.class.getName(),
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest",
                "session.timeout.ms",
                6000,
                "heartbeat.interval.ms",
                1500),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** Starts to read. */
  public void start() {
    thread.start();
  }

  /** Whether the loop runs; once it does not, this worker serves nothing. */
  public boolean running() {
    return thread.isAlive();
  }

  private void run() {
    consumer.subscribe(topics.dispatched(), new Rebalance());
    while (!stopped) {
      try {
        round();
      } catch (WakeupException e) {
        LOG.debug("intake is asked to stop");
      } catch (KafkaException e) {
        LOG.warn("cannot read deliveries, trying again: {}", e.toString());
      }
    }
    drain(assigned.values(), DRAIN_ON_CLOSE);
    commitAndForget(List.copyOf(assigned.keySet()));
    consumer.close();
  }

  private void round() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(pollTimeout())) {
      take(record);
    }
    Instant now = clock.instant();
    assigned.values().forEach(partition -> release(partition, now));
    steer();
    commit(now);
  }

  private Duration pollTimeout() {
    if (assigned.values().stream().anyMatch(Assigned::full)) {
      return POLL_WHEN_FULL;
    }
    Instant now = clock.instant();
    Instant due = now.plus(LONGEST_POLL);
    for (Assigned partition : assigned.values()) {
      Instant next = partition.nextDue();
      due = next.isBefore(due) ? next : due;
    }
    Duration wait = Duration.between(now, due);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    Assigned partition = assigned.get(new TopicPartition(record.topic(), record.partition()));
    if (partition == null) {
      return;
    }
    lag.read(record.topic(), record.timestamp());
    int length = record.value() == null ? 0 : record.value().length;
    OffsetLedger.Entry entry = partition.ledger().take(record.offset(), length);
    Delivery delivery;
    try {
      delivery = DeliveryCodec.read(record);
    } catch (IllegalArgumentException e) {
      putAside(record, entry, String.valueOf(e.getMessage()));
      return;
    }
    Held held = new Held(delivery, entry);
    if (partition.line() == null || delivery.due() == null) {
      admit(partition, held);
    } else {
      Instant written = Instant.ofEpochMilli(record.timestamp());
      partition.line().add(held, written, delivery.due());
    }
  }

  private void putAside(
      ConsumerRecord<byte[], byte[]> record, OffsetLedger.Entry entry, String reason) {
    LOG.warn("{}-{} at {}: {}", record.topic(), record.partition(), record.offset(), reason);
    entry.release(clock.instant());
    settleWith(publisher.publish(UndecodableCodec.write(record, reason)), entry);
  }

  private void release(Assigned partition, Instant now) {
    WaitingLine<Held> line = partition.line();
    if (line != null) {
      line.release(now, held -> admit(partition, held), this::hop);
    }
  }

  private void hop(Held held, Instant left) {
    held.entry().release(clock.instant());
    if (held.entry().start()) {
      settleWith(retries.hop(held.delivery(), left), held.entry());
    }
  }

  private static void settleWith(CompletableFuture<Void> written, OffsetLedger.Entry entry) {
    written.whenComplete(
        (_, fault) -> {
          if (fault == null) {
            entry.settle();
          } else {
            LOG.error("a record stays unsettled and will be read again", fault);
          }
        });
  }

  private void admit(Assigned partition, Held held) {
    Instant now = clock.instant();
    held.entry().release(now);
    Journal journal = journals.get(partition.partition().partition());
    Journal.Finding finding =
        journal == null ? new Journal.Finding.Fresh() : journal.admit(held.delivery(), now);
    switch (finding) {
      case Journal.Finding.Fresh() -> dispatcher.accept(held.delivery(), held.entry());
      case Journal.Finding.Reported(var report) ->
          dispatcher.repeat(held.delivery(), report, held.entry());
      case Journal.Finding.Known() -> held.entry().settle();
    }
  }

  private void steer() {
    boolean tooMuch =
        assigned.values().stream().mapToLong(one -> one.ledger().unsettledLength()).sum()
            > MOST_UNSETTLED_LENGTH;
    for (Assigned partition : assigned.values()) {
      boolean pause = tooMuch || partition.mustPause();
      if (pause != partition.paused()) {
        partition.paused(pause);
        if (pause) {
          consumer.pause(List.of(partition.partition()));
        } else {
          consumer.resume(List.of(partition.partition()));
        }
      }
    }
  }

  private void commit(Instant now) {
    if (now.isBefore(nextCommit)) {
      return;
    }
    nextCommit = now.plus(COMMIT_INTERVAL);
    lag.take(consumer, assigned.values().stream());
    boolean refresh = !now.isBefore(nextRefresh);
    if (refresh) {
      nextRefresh = now.plus(REFRESH_INTERVAL);
    }
    Map<TopicPartition, OffsetAndMetadata> watermarks =
        watermarks(assigned.values().stream().filter(one -> refresh || one.moved()).toList());
    if (!watermarks.isEmpty()) {
      consumer.commitAsync(
          watermarks,
          (_, fault) -> {
            if (fault != null) {
              LOG.debug("a later commit will make up for this one: {}", fault.toString());
            }
          });
    }
  }

  /** The metadata of a commit says from when on outcomes must be read to know what is above it. */
  private Map<TopicPartition, OffsetAndMetadata> watermarks(Collection<Assigned> partitions) {
    Instant now = clock.instant();
    Map<TopicPartition, OffsetAndMetadata> watermarks = new HashMap<>();
    for (Assigned partition : partitions) {
      OffsetLedger ledger = partition.ledger();
      long offset = ledger.watermark();
      partition.committed(offset);
      watermarks.put(
          partition.partition(), new OffsetAndMetadata(offset, ledger.since(now).toString()));
    }
    return watermarks;
  }

  /** Waits for what was started, up to a limit; what was not started is left to the next worker. */
  private static void drain(Collection<Assigned> partitions, Duration limit) {
    partitions.forEach(partition -> partition.ledger().withdraw());
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (System.nanoTime() < end && partitions.stream().anyMatch(one -> one.ledger().busy())) {
        Thread.sleep(POLL_WHEN_FULL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void commitAndForget(Collection<TopicPartition> partitions) {
    List<Assigned> leaving =
        partitions.stream().map(assigned::get).filter(one -> one != null).toList();
    try {
      consumer.commitSync(watermarks(leaving));
    } catch (KafkaException e) {
      LOG.warn(
          "could not commit before leaving, some records will be read again: {}", e.toString());
    }
    forget(partitions);
  }

  private void forget(Collection<TopicPartition> partitions) {
    partitions.forEach(assigned::remove);
    journals
        .keySet()
        .removeIf(number -> partitions.stream().anyMatch(tp -> tp.partition() == number));
  }

  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (partitions.isEmpty()) {
        return;
      }
      Instant now = clock.instant();
      for (TopicPartition partition : partitions) {
        assigned.put(partition, assign(partition));
        journals.computeIfAbsent(partition.partition(), _ -> new Journal(remembered, now));
      }
      tail.read(
          neededSince(partitions, now),
          now.minus(remembered),
          (number, report) -> remember(number, report, now));
      LOG.info("serving {} partitions", journals.size());
    }

    private void remember(int number, Report report, Instant now) {
      Journal journal = journals.get(number);
      if (journal != null) {
        journal.remember(report, now);
      }
    }

    private Assigned assign(TopicPartition partition) {
      RetryTiers.Tier tier = tierOf.get(partition.topic());
      WaitingLine<Held> line =
          tier == null ? null : new WaitingLine<>(tier.delay(), retries.shortestWait());
      return new Assigned(partition, consumer.position(partition), line);
    }

    private Map<Integer, Instant> neededSince(Collection<TopicPartition> partitions, Instant now) {
      Map<TopicPartition, OffsetAndMetadata> commits = consumer.committed(Set.copyOf(partitions));
      Map<Integer, Instant> since = new HashMap<>();
      for (TopicPartition partition : partitions) {
        Instant needed = since(commits.get(partition), now).minus(CLOCK_SKEW);
        since.merge(
            partition.partition(), needed, (one, other) -> one.isBefore(other) ? one : other);
      }
      return since;
    }

    /**
     * Without a commit nobody knows what was done: then all that is left of the outcomes counts.
     */
    private static Instant since(@Nullable OffsetAndMetadata commit, Instant now) {
      if (commit == null) {
        return Instant.EPOCH.plus(CLOCK_SKEW);
      }
      return commit.metadata().isEmpty() ? now : Instant.parse(commit.metadata());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      drain(
          assigned.values().stream().filter(one -> partitions.contains(one.partition())).toList(),
          DRAIN_ON_REVOKE);
      commitAndForget(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      assigned.values().forEach(partition -> partition.ledger().withdraw());
      forget(partitions);
    }
  }

  /** Stops taking, waits up to 25 s for what was started, commits and leaves the group. */
  public void stop() throws InterruptedException {
    stopped = true;
    consumer.wakeup();
    thread.join();
  }
}
