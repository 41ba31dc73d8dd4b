// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads many records of one topic: a stretch after the other, or those at certain offsets, which is
 * as quick when they are asked for in their order. For one thread, which it blocks; it fails with a
 * {@link KafkaException} while Kafka is away.
 */
public final class BulkReader implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(100);

  /** To read past so many is quicker than to ask anew; in records. */
  private static final long WORTH_A_JUMP = 1_000;

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final Map<TopicPartition, Shelf> shelves = new HashMap<>();
  private Map<Integer, Long> reached = new TreeMap<>();

  BulkReader(Consumer<byte[], byte[]> consumer, String topic) {
    this.consumer = consumer;
    this.topic = topic;
  }

  /** By partition: the first offset written at that time or later, else the end. */
  public Map<Integer, Long> offsetsAt(Instant time) {
    List<TopicPartition> all = partitions();
    Map<TopicPartition, Long> millis = new HashMap<>();
    all.forEach(partition -> millis.put(partition, time.toEpochMilli()));
    Map<TopicPartition, Long> ends = consumer.endOffsets(all);
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(millis);
    Map<Integer, Long> offsets = new TreeMap<>();
    for (TopicPartition partition : all) {
      OffsetAndTimestamp at = found.get(partition);
      long end = ends.getOrDefault(partition, 0L);
      offsets.put(partition.partition(), at == null ? end : at.offset());
    }
    return offsets;
  }

  /** By partition: where it ends now. */
  public Map<Integer, Long> ends() {
    Map<Integer, Long> ends = new TreeMap<>();
    consumer.endOffsets(partitions()).forEach((tp, end) -> ends.put(tp.partition(), end));
    return ends;
  }

  private List<TopicPartition> partitions() {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  /**
   * A stretch of the topic.
   *
   * @param next by partition: the first offset that was not read
   */
  public record Stretch(List<ConsumerRecord<byte[], byte[]>> records, Map<Integer, Long> next) {}

  /**
   * The next some hundred records from there on, fewer towards the ends; none when all ends are
   * reached. What is past retention is passed over.
   */
  public Stretch read(Map<Integer, Long> from, Map<Integer, Long> ends) {
    if (!from.equals(reached)) {
      go(from);
    }
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long latest = latest();
    while (records.isEmpty() && isBefore(reached, ends)) {
      refuseAfter(latest);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < ends.getOrDefault(record.partition(), 0L)) {
          records.add(record);
        }
      }
      reached.replaceAll((number, _) -> consumer.position(new TopicPartition(topic, number)));
    }
    return new Stretch(records, new TreeMap<>(reached));
  }

  private void go(Map<Integer, Long> from) {
    forget();
    reached = new TreeMap<>(from);
    consumer.assign(
        from.keySet().stream().map(number -> new TopicPartition(topic, number)).toList());
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(consumer.assignment());
    for (TopicPartition partition : consumer.assignment()) {
      long wanted = from.getOrDefault(partition.partition(), 0L);
      consumer.seek(partition, Math.max(wanted, beginnings.getOrDefault(partition, 0L)));
    }
  }

  private static boolean isBefore(Map<Integer, Long> next, Map<Integer, Long> ends) {
    return next.entrySet().stream()
        .anyMatch(entry -> entry.getValue() < ends.getOrDefault(entry.getKey(), 0L));
  }

  /** The records at these offsets, by partition; those past retention are not among them. */
  public List<ConsumerRecord<byte[], byte[]>> at(Map<Integer, ? extends Collection<Long>> offsets) {
    if (shelves.isEmpty()) {
      forget();
      partitions().forEach(partition -> shelves.put(partition, new Shelf(partition)));
      consumer.assign(shelves.keySet());
      consumer.seekToEnd(shelves.keySet()); // a poll wants to know of all where they stand
    }
    List<Shelf> asked = new ArrayList<>();
    offsets.forEach((number, some) -> asked.add(ask(new TopicPartition(topic, number), some)));
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    long latest = latest();
    for (asked.forEach(shelf -> shelf.pick(found));
        asked.stream().anyMatch(Shelf::wantsMore);
        asked.forEach(shelf -> shelf.pick(found))) {
      refuseAfter(latest);
      consumer.pause(shelves.keySet());
      consumer.resume(
          asked.stream().filter(Shelf::wantsMore).map(shelf -> shelf.partition).toList());
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(topic, record.partition());
        shelves.computeIfPresent(partition, (_, shelf) -> shelf.with(record));
      }
    }
    return found;
  }

  /** A partition that has been deleted has nothing to offer. */
  private Shelf ask(TopicPartition partition, Collection<Long> offsets) {
    Shelf shelf = shelves.getOrDefault(partition, new Shelf(partition));
    if (shelves.containsKey(partition)) {
      shelf.ask(offsets);
    }
    return shelf;
  }

  private void forget() {
    consumer.unsubscribe();
    shelves.clear();
    reached = new TreeMap<>();
  }

  /** One partition: what was read ahead of what is asked for. */
  private final class Shelf {

    private final TopicPartition partition;
    private final ArrayDeque<ConsumerRecord<byte[], byte[]>> ahead = new ArrayDeque<>();
    private final ArrayDeque<Long> wanted = new ArrayDeque<>();
    private long end;
    private boolean placed;

    Shelf(TopicPartition partition) {
      this.partition = partition;
    }

    void ask(Collection<Long> offsets) {
      wanted.addAll(new TreeSet<>(offsets));
      while (!ahead.isEmpty() && ahead.element().offset() < wanted.element()) {
        ahead.remove();
      }
      if (!ahead.isEmpty() ? ahead.element().offset() > wanted.element() : isFar()) {
        ahead.clear();
        seek();
      }
      if (wantsMore() && wanted.getLast() >= end) {
        end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        wanted.removeIf(offset -> offset >= end);
      }
    }

    private boolean isFar() {
      if (!placed) {
        return true;
      }
      long distance = wanted.element() - consumer.position(partition);
      return distance < 0 || distance > WORTH_A_JUMP;
    }

    private void seek() {
      long beginning =
          consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, Long.MAX_VALUE);
      wanted.removeIf(offset -> offset < beginning);
      placed = wantsMore();
      if (placed) {
        consumer.seek(partition, wanted.element());
      }
    }

    Shelf with(ConsumerRecord<byte[], byte[]> record) {
      ahead.add(record);
      return this;
    }

    boolean wantsMore() {
      return !wanted.isEmpty();
    }

    /** What comes without an offset before it that was asked for shows that this one is gone. */
    void pick(List<ConsumerRecord<byte[], byte[]>> found) {
      while (!wanted.isEmpty() && !ahead.isEmpty()) {
        long offset = ahead.element().offset();
        if (offset == wanted.element()) {
          found.add(ahead.remove());
          wanted.remove();
        } else if (offset < wanted.element()) {
          ahead.remove();
        } else {
          wanted.remove();
        }
      }
      if (ahead.isEmpty() && placed) {
        long position = consumer.position(partition);
        wanted.removeIf(one -> one < position);
      }
    }
  }

  private static long latest() {
    return System.nanoTime() + PATIENCE.toNanos();
  }

  private static void refuseAfter(long latest) {
    if (System.nanoTime() > latest) {
      throw new KafkaException("no records came within " + PATIENCE);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
