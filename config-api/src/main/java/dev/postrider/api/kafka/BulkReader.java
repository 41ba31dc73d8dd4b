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
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads many records of one topic, in any order that is quick. For one thread, which it blocks; it
 * fails with a {@link KafkaException} while Kafka is away.
 */
public final class BulkReader implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(100);

  /** To read past so many is quicker than to ask anew; in records. */
  private static final long WORTH_A_JUMP = 1_000;

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private Map<Integer, Long> reached = new TreeMap<>();

  BulkReader(Consumer<byte[], byte[]> consumer, String topic) {
    this.consumer = consumer;
    this.topic = topic;
  }

  /**
   * A stretch of the topic.
   *
   * @param next by partition: the first offset that was not read
   */
  public record Stretch(List<ConsumerRecord<byte[], byte[]>> records, Map<Integer, Long> next) {}

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
   * The next some hundred records from there on, fewer towards the ends; none when all ends are
   * reached. What is past retention is passed over.
   */
  public Stretch read(Map<Integer, Long> from, Map<Integer, Long> ends) {
    if (!from.equals(reached)) {
      go(from);
    }
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long latest = System.nanoTime() + PATIENCE.toNanos();
    while (records.isEmpty() && isBefore(reached, ends)) {
      refuseTooLate(latest);
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
    reached = new TreeMap<>(from);
    reached.replaceAll((number, offset) -> Math.max(offset, beginning(number)));
    consumer.assign(
        from.keySet().stream().map(number -> new TopicPartition(topic, number)).toList());
    reached.forEach((number, offset) -> consumer.seek(new TopicPartition(topic, number), offset));
  }

  private long beginning(int number) {
    TopicPartition partition = new TopicPartition(topic, number);
    return consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
  }

  private static boolean isBefore(Map<Integer, Long> next, Map<Integer, Long> ends) {
    return next.entrySet().stream()
        .anyMatch(entry -> entry.getValue() < ends.getOrDefault(entry.getKey(), 0L));
  }

  /** The records at these offsets, by partition; those past retention are not among them. */
  public List<ConsumerRecord<byte[], byte[]>> at(Map<Integer, ? extends Collection<Long>> offsets) {
    reached = new TreeMap<>();
    Map<TopicPartition, ArrayDeque<Long>> wanted = wanted(offsets);
    consumer.assign(wanted.keySet());
    consumer.resume(consumer.paused()); // which outlasts an assignment
    wanted.forEach((tp, some) -> consumer.seek(tp, some.getFirst()));
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    long latest = System.nanoTime() + PATIENCE.toNanos();
    while (!wanted.isEmpty()) {
      refuseTooLate(latest);
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      records.forEach(record -> pick(record, wanted, found));
      wanted.entrySet().removeIf(this::finished);
      wanted.forEach(this::jump);
    }
    return found;
  }

  private Map<TopicPartition, ArrayDeque<Long>> wanted(
      Map<Integer, ? extends Collection<Long>> offsets) {
    Map<TopicPartition, ArrayDeque<Long>> wanted = new HashMap<>();
    offsets.forEach(
        (number, some) ->
            wanted.put(new TopicPartition(topic, number), new ArrayDeque<>(new TreeSet<>(some))));
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(wanted.keySet());
    Map<TopicPartition, Long> ends = consumer.endOffsets(wanted.keySet());
    wanted.forEach(
        (tp, some) ->
            some.removeIf(
                offset ->
                    offset < beginnings.getOrDefault(tp, 0L)
                        || offset >= ends.getOrDefault(tp, 0L)));
    wanted.values().removeIf(ArrayDeque::isEmpty);
    return wanted;
  }

  private static void pick(
      ConsumerRecord<byte[], byte[]> record,
      Map<TopicPartition, ArrayDeque<Long>> wanted,
      List<ConsumerRecord<byte[], byte[]>> found) {
    ArrayDeque<Long> some = wanted.get(new TopicPartition(record.topic(), record.partition()));
    while (some != null && !some.isEmpty() && some.element() <= record.offset()) {
      if (some.remove() == record.offset()) {
        found.add(record);
      }
    }
  }

  /** What lay before the position and did not come is not there any more. */
  private boolean finished(Map.Entry<TopicPartition, ArrayDeque<Long>> one) {
    long position = consumer.position(one.getKey());
    one.getValue().removeIf(offset -> offset < position);
    boolean finished = one.getValue().isEmpty();
    if (finished) {
      consumer.pause(List.of(one.getKey()));
    }
    return finished;
  }

  private void jump(TopicPartition partition, ArrayDeque<Long> some) {
    if (some.element() - consumer.position(partition) > WORTH_A_JUMP) {
      consumer.seek(partition, some.element());
    }
  }

  private static void refuseTooLate(long latest) {
    if (System.nanoTime() > latest) {
      throw new KafkaException("no records came within " + PATIENCE);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
