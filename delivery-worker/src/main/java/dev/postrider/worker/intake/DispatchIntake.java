// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static java.util.Map.entry;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.model.wire.UndecodableCodec;
import dev.postrider.worker.crash.CrashPoint;
import dev.postrider.worker.dispatch.Dispatchers;
import dev.postrider.worker.intake.Assigned.Held;
import dev.postrider.worker.metrics.DeliveryMetrics;
import dev.postrider.worker.publish.Publisher;
import dev.postrider.worker.retry.RetryTopics;
import dev.postrider.worker.retry.WaitingLine;
import dev.postrider.worker.route.Router;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that feeds the dispatcher from {@code events}, {@code deliveries} and every retry tier:
 *
 * <pre>
 *   poll ─► take into the ledger ─┬─ event ─► {@link EventIntake} ─┬─ ours ─────────────►┐
 *                                 │                      └─ else ─► deliveries │
 *                                 ├─ delivery ────────────────────────────────►├─► {@link Admission}
 *                                 └─ tier ─► waiting line ─┬─ due ────────────►┘
 *                                                          └─ not yet ─► hop
 *   then: pause what is full or not due, resume the rest, commit watermarks
 * </pre>
 *
 * <p>One thread owns the consumer and everything here. It always polls, whatever is paused, so it
 * never loses its membership; it waits for nothing but Kafka. All topics but events have one
 * partition count, and the range assignor is eager: all records of a destination come to one
 * worker, and whatever it has goes at once, so nothing handed over outlives its event's entry.
 */
public final class DispatchIntake {

  private static final Logger LOG = LoggerFactory.getLogger(DispatchIntake.class);

  private static final Duration LONGEST_POLL = Duration.ofMillis(100);

  /**
   * Each poll looks at every partition, so with nothing to read there is none for each record that
   * falls due.
   */
  private static final Duration SHORTEST_POLL = Duration.ofMillis(10);

  /**
   * Deliveries that wait only for the worker itself, for each of its threads: more would only wait
   * in memory.
   */
  private static final int MOST_WAITING = 500;

  private static final int MANY = 100;

  /** It read events before there was a hand-over. */
  private static final String FORMER_GROUP = "postrider-route";

  /**
   * What one fetch brings at most, of one partition and in all; in bytes. It waits in memory beside
   * what is unsettled, so no more than keeps the dispatcher busy, but enough for a partition alone:
   * the one of a receiver that hangs is the longest, and the last to be read. Small shares mix the
   * partitions, and so the receivers: many are asked for a little at a time.
   */
  private static final int LARGEST_SHARE = 192 * 1024;

  private static final int LARGEST_FETCH = 2 * 1024 * 1024;

  /**
   * A partition that goes on waits for the fetch that is out, which may wait for others' records.
   */
  private static final Duration LONGEST_FETCH = Duration.ofMillis(25);

  /** Who has less than this to wait does so in memory while there is plenty: hopping costs more. */
  private static final Duration LONGEST_STAY = Duration.ofSeconds(5);

  private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
  private static final Duration REFRESH_INTERVAL = Duration.ofMinutes(1);
  private static final Duration DRAIN_ON_CLOSE = Duration.ofSeconds(25);

  /**
   * More than this is never unsettled in all partitions together, whatever the size of payloads; in
   * bytes: an eighth of the heap, where that is small.
   */
  private static final long MOST_UNSETTLED_LENGTH =
      Math.min(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8);

  private final Topics topics;
  private final Dispatchers dispatchers;
  private final RetryTopics retries;
  private final Lag lag;
  private final InstantSource clock;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Assignment assignment;
  private final Admission admission;
  private final EventIntake events;
  private final Lease lease = new Lease(System::nanoTime);
  private final Thread thread = Thread.ofPlatform().daemon().name("intake").unstarted(this::run);
  private Instant nextCommit = Instant.EPOCH;
  private Instant nextRefresh = Instant.EPOCH;
  private Duration nextPoll = LONGEST_POLL;
  private long unsettledLength;
  private boolean roomy;
  private int waitingTaken;
  private boolean tooMuch;
  private volatile boolean stopped;

  /**
   * Reads as a member of the group {@code postrider-dispatch}.
   *
   * @param caughtUp completes when the directory has what was in its topic at the time of the call
   * @param remembered how long an event is known at least, so that it is not sent twice
   */
  public DispatchIntake(
      String bootstrapServers,
      Topics topics,
      Router router,
      Supplier<CompletableFuture<Void>> caughtUp,
      Dispatchers dispatchers,
      RetryTopics retries,
      Publisher publisher,
      Duration remembered,
      Admin admin,
      DeliveryMetrics metrics,
      InstantSource clock) {
    this.topics = topics;
    this.dispatchers = dispatchers;
    this.retries = retries;
    this.lag = new Lag(topics, Lag.endsBy(admin), metrics, clock);
    this.clock = clock;
    this.consumer =
        new KafkaConsumer<>(
            Map.ofEntries(
                entry("bootstrap.servers", bootstrapServers),
                entry("group.id", "postrider-dispatch"),
                entry("partition.assignment.strategy", RangeAssignor.class.getName()),
                entry("enable.auto.commit", false),
                entry("auto.offset.reset", "earliest"),
                entry("max.partition.fetch.bytes", LARGEST_SHARE),
                entry("fetch.max.bytes", LARGEST_FETCH),
                entry("receive.buffer.bytes", -1),
                entry("metadata.max.age.ms", (int) Topics.CHANGES_SEEN_WITHIN.toMillis()),
                entry("fetch.max.wait.ms", (int) LONGEST_FETCH.toMillis()),
                entry("session.timeout.ms", (int) Lease.SESSION_TIMEOUT.toMillis()),
                entry("heartbeat.interval.ms", (int) Lease.HEARTBEAT_INTERVAL.toMillis())),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    metrics.watch(consumer);
    this.assignment =
        new Assignment(
            consumer,
            new Recollection(new OutcomeTail(bootstrapServers, topics)),
            lease,
            topics,
            new Beginning(consumer, () -> offsetsOf(FORMER_GROUP, admin)),
            remembered,
            dispatchers::takeOver,
            clock);
    this.admission = new Admission(assignment, dispatchers, publisher);
    this.events = new EventIntake(topics, router, assignment, admission, this::busy, caughtUp);
  }

  private static Map<TopicPartition, OffsetAndMetadata> offsetsOf(String group, Admin admin) {
    try {
      return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    } catch (ExecutionException e) {
      throw new KafkaException("cannot read the offsets of " + group, e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
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
    consumer.subscribe(topics.read(), assignment);
    while (!stopped) {
      try {
        round();
      } catch (WakeupException e) {
        LOG.debug("intake is asked to stop");
      } catch (KafkaException e) {
        LOG.warn("cannot read deliveries, trying again: {}", e.toString());
        LockSupport.parkNanos(LONGEST_POLL.toNanos());
      }
    }
    assignment.releaseAll(DRAIN_ON_CLOSE);
    consumer.close();
  }

  private void round() {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(nextPoll);
    if (!records.isEmpty()) {
      CrashPoint.AFTER_POLL.reached();
      records.forEach(this::take);
    }
    Instant now = clock.instant();
    assignment.all().forEach(partition -> release(partition, now));
    events.go(now);
    assignment.recollect();
    nextPoll = steer(now);
    commit(now);
    keepLease();
  }

  private void keepLease() {
    if (lease.holds() || assignment.all().isEmpty()) {
      lease.renew();
    } else {
      LOG.warn("stood still for too long: giving up all partitions and taking them anew");
      consumer.enforceRebalance("stood still");
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    Assigned partition = assignment.find(record.topic(), record.partition());
    if (partition == null) {
      return;
    }
    int length = record.value() == null ? 0 : record.value().length;
    Instant written = Instant.ofEpochMilli(record.timestamp());
    OffsetLedger.Entry entry = partition.ledger().take(record.offset(), length, written);
    if (record.topic().equals(Topics.EVENTS)) {
      events.take(partition, record, entry);
      return;
    }
    Delivery delivery;
    try {
      delivery = DeliveryCodec.read(record);
    } catch (RuntimeException e) {
      // Whatever is wrong with one record, the others must be read.
      putAside(record, entry, String.valueOf(e.getMessage()));
      return;
    }
    int home = topics.home(record.key());
    if (home != record.partition()) {
      moveOn(record, home, entry);
      return;
    }
    Held held = new Held(delivery, entry);
    if (partition.line() == null || delivery.due() == null) {
      admit(partition, held);
    } else {
      waitingTaken++;
      Instant now = clock.instant();
      partition.line().add(held, written.isBefore(now) ? written : now, delivery.due());
    }
  }

  /** Whoever wrote it had not heard yet that there are more partitions. */
  private void moveOn(ConsumerRecord<byte[], byte[]> record, int home, OffsetLedger.Entry entry) {
    entry.release(clock.instant());
    admission.write(DeliveryCodec.moved(record, home), entry);
  }

  private void putAside(
      ConsumerRecord<byte[], byte[]> record, OffsetLedger.Entry entry, String reason) {
    LOG.warn("{}-{} at {}: {}", record.topic(), record.partition(), record.offset(), reason);
    entry.release(clock.instant());
    admission.write(UndecodableCodec.write(record, reason), entry);
  }

  private void release(Assigned partition, Instant now) {
    WaitingLine<Held> line = partition.line();
    if (line != null) {
      Duration stay = roomy && partition.roomy() ? LONGEST_STAY : Duration.ZERO;
      line.release(now, stay, held -> admit(partition, held), this::hop);
    }
  }

  private void hop(Held held, Instant left) {
    held.entry().release(clock.instant());
    if (held.entry().start()) {
      admission.orRefused(
          held.delivery(),
          held.entry(),
          () -> Admission.settleWith(retries.hop(held.delivery(), left), held.entry()));
    }
  }

  private void admit(Assigned partition, Held held) {
    Instant now = clock.instant();
    held.entry().release(now);
    admission.admit(partition, held.delivery(), held.entry(), now);
  }

  /**
   * Decides which partitions the next poll may read, and how long it may take. After a poll that
   * brought many waiting deliveries comes one for fresh ones only: neither can starve the other.
   */
  private Duration steer(Instant now) {
    boolean freshOnly = waitingTaken >= MANY;
    tooMuch = busy();
    boolean noEvents = events.crowded();
    waitingTaken = 0;
    unsettledLength = 0;
    long openMemory = 0;
    Instant soonest = now.plus(SHORTEST_POLL);
    Instant due = tooMuch ? soonest : now.plus(LONGEST_POLL);
    for (Assigned partition : assignment.all()) {
      boolean full = partition.full();
      boolean hasHadItsTurn = freshOnly && partition.line() != null;
      boolean busy = partition.isOfEvents() ? noEvents : tooMuch;
      pause(partition, busy || full || hasHadItsTurn || partition.holdsUp());
      unsettledLength += partition.ledger().unsettledLength();
      openMemory += partition.ledger().openMemory();
      due = sooner(due, full ? soonest : partition.nextDue());
    }
    roomy = openMemory < MOST_UNSETTLED_LENGTH / 2;
    if (freshOnly) {
      return Duration.ZERO;
    }
    Duration pause = Duration.between(now, due.isBefore(soonest) ? soonest : due);
    return events.pause(now).filter(own -> own.compareTo(pause) < 0).orElse(pause);
  }

  private boolean busy() {
    return dispatchers.waiting() > MOST_WAITING / (tooMuch ? 2 : 1)
        || unsettledLength > MOST_UNSETTLED_LENGTH;
  }

  private void pause(Assigned partition, boolean pause) {
    if (pause != partition.paused()) {
      partition.paused(pause);
      if (pause) {
        consumer.pause(List.of(partition.partition()));
      } else {
        consumer.resume(List.of(partition.partition()));
      }
    }
  }

  private static Instant sooner(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private void commit(Instant now) {
    if (now.isBefore(nextCommit)) {
      return;
    }
    nextCommit = now.plus(COMMIT_INTERVAL);
    boolean refresh = !now.isBefore(nextRefresh);
    if (refresh) {
      nextRefresh = now.plus(REFRESH_INTERVAL);
    }
    assignment.commit(refresh);
    assignment.followEvents();
    assignment.forgetUnfollowed(now);
    lag.take(consumer, assignment.all());
  }

  /** Stops taking, waits up to 25 s for what was started, commits and leaves the group. */
  public void stop() throws InterruptedException {
    stopped = true;
    consumer.wakeup();
    thread.join();
  }
}
