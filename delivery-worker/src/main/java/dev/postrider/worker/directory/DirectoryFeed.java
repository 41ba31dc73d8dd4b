// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the directory as new as the {@code destinations} topic, all partitions of it, from the
 * beginning.
 *
 * <p>{@link #caughtUp()} is how an event published after a destination's 201 reaches that
 * destination: config-api answers only when the snapshot is in the topic, so whoever has seen an
 * event can wait until the directory has read up to where the topic ends now. One cheap request
 * buys that.
 */
public final class DirectoryFeed {

  private static final Logger LOG = LoggerFactory.getLogger(DirectoryFeed.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Directory directory;
  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private List<TopicPartition> partitions = List.of();
  private final InstantSource clock;
  private final Thread thread;
  private final List<Waiter> waiters = new ArrayList<>();
  private Map<TopicPartition, Long> positions = Map.of();
  private Instant nextLook = Instant.EPOCH;
  private volatile Instant newAsOf;
  private volatile boolean stopped;

  private record Waiter(Map<TopicPartition, Long> ends, CompletableFuture<Void> reached) {}

  /** Reads the whole topic, and nothing yet. */
  public DirectoryFeed(
      Directory directory, Admin admin, String bootstrapServers, InstantSource clock) {
    this.directory = directory;
    this.admin = admin;
    this.clock = clock;
    this.newAsOf = clock.instant();
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.thread = Thread.ofPlatform().daemon().name("directory").unstarted(this::read);
  }

  /**
   * Starts to read.
   *
   * @param count of the topic's partitions
   */
  public void start(int count) {
    partitions =
        IntStream.range(0, count)
            .mapToObj(number -> new TopicPartition(Topics.DESTINATIONS, number))
            .toList();
    thread.start();
  }

  /**
   * Completes when everything that was in the topic at the time of the call is in the directory;
   * fails when the broker cannot say where the topic ends.
   */
  public CompletableFuture<Void> caughtUp() {
    Map<TopicPartition, OffsetSpec> latest =
        partitions.stream().collect(Collectors.toMap(tp -> tp, _ -> OffsetSpec.latest()));
    return admin
        .listOffsets(latest)
        .all()
        .toCompletionStage()
        .toCompletableFuture()
        .thenCompose(this::reached);
  }

  private CompletableFuture<Void> reached(Map<TopicPartition, ListOffsetsResultInfo> ends) {
    Map<TopicPartition, Long> offsets =
        ends.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    Waiter waiter = new Waiter(offsets, new CompletableFuture<>());
    synchronized (waiters) {
      if (hasReached(offsets)) {
        return CompletableFuture.completedFuture(null);
      }
      waiters.add(waiter);
    }
    return waiter.reached();
  }

  private void read() {
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    while (!stopped) {
      try {
        consumer.poll(POLL).forEach(this::apply);
        readUpTo(partitions.stream().collect(Collectors.toMap(tp -> tp, consumer::position)));
        look();
      } catch (WakeupException e) {
        LOG.debug("directory is asked to stop");
      } catch (KafkaException e) {
        LOG.warn("cannot read destinations, trying again: {}", e.toString());
        pause();
      }
    }
    consumer.close();
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      stopped = true;
    }
  }

  private void readUpTo(Map<TopicPartition, Long> now) {
    List<Waiter> satisfied;
    synchronized (waiters) {
      positions = now;
      satisfied = waiters.stream().filter(waiter -> hasReached(waiter.ends())).toList();
      waiters.removeAll(satisfied);
    }
    satisfied.forEach(waiter -> waiter.reached().complete(null));
  }

  /** Asks once a second whether this is all, since a broker that is away tells of nothing new. */
  private void look() {
    Instant now = clock.instant();
    if (now.isBefore(nextLook)) {
      return;
    }
    nextLook = now.plus(BETWEEN_LOOKS);
    try {
      if (hasReached(consumer.endOffsets(partitions, PATIENCE))) {
        newAsOf = now;
      }
    } catch (TimeoutException e) {
      LOG.debug("nobody says where destinations end: {}", e.toString());
    }
  }

  /**
   * For how long the directory is not known to be as new as its topic: a second or two while all is
   * well.
   */
  public Duration lag() {
    return Duration.between(newAsOf, clock.instant());
  }

  private boolean hasReached(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> positions.getOrDefault(end.getKey(), -1L) >= end.getValue());
  }

  private void apply(ConsumerRecord<byte[], byte[]> record) {
    try {
      DestinationId id = DestinationId.parse(new String(record.key(), UTF_8));
      if (record.value() == null) {
        directory.remove(id);
      } else {
        applySnapshot(id, record);
      }
    } catch (RuntimeException e) {
      // Whatever is wrong with one record, the others must be read.
      LOG.error("destinations-{} at {}: {}", record.partition(), record.offset(), e.toString());
    }
  }

  private void applySnapshot(DestinationId id, ConsumerRecord<byte[], byte[]> record) {
    try {
      directory.put(ModelJson.readDestination(record.value()));
    } catch (IllegalArgumentException e) {
      directory.unreadable(id);
      LOG.error("{} waits, this version cannot read its snapshot: {}", id, e.getMessage());
    }
  }

  /** Whether the directory is being kept new. */
  public boolean running() {
    return thread.isAlive();
  }

  /** Stops reading and waits for the thread. */
  public void stop() throws InterruptedException {
    stopped = true;
    consumer.wakeup();
    thread.join();
  }
}
