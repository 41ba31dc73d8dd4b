// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Delivered;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.ReportCodec;
import dev.postrider.model.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what was written before this worker got the partitions: the last part of {@code outcomes},
 * and all of {@code backlogs} and {@code runs}.
 */
final class OutcomeTail {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeTail.class);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LONGEST_FETCH = Duration.ofMillis(25);

  /** Of a poll, which looks at every partition. */
  private static final int MANY = 5_000;

  private static final int FEW = 500;

  private final String bootstrapServers;
  private final Topics topics;

  OutcomeTail(String bootstrapServers, Topics topics) {
    this.bootstrapServers = bootstrapServers;
    this.topics = topics;
  }

  /** Who remembers what was written, by partition. */
  interface Memory {
    /** A report that something may follow from. */
    void report(int partition, Report report);

    /** What a report comes to from which nothing follows, written then. */
    void delivered(int partition, Delivered delivered, Instant written);

    /** A record of {@code runs}; one that is none may be refused. */
    void run(int partition, ConsumerRecord<byte[], byte[]> run);
  }

  /**
   * What must be known before partitions are served.
   *
   * @param backlogs what destinations that want order have put off
   * @param begun by partition of outcomes: with which offset
   */
  record Recent(Map<DestinationId, Backlog> backlogs, Map<TopicPartition, Long> begun) {}

  /**
   * Reads what must be known before the partitions are served, up to where they end now. Blocks.
   *
   * @param since by partition: from when on reports are needed for exactness, all of them
   */
  Recent read(Map<Integer, Instant> since, Memory memory) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(MANY)) {
      Map<TopicPartition, Instant> needed = outcomes(since);
      List<TopicPartition> whole =
          Stream.of(Topics.BACKLOGS, Topics.RUNS)
              .flatMap(topic -> since.keySet().stream().map(n -> new TopicPartition(topic, n)))
              .toList();
      List<TopicPartition> all = Stream.concat(needed.keySet().stream(), whole.stream()).toList();
      consumer.assign(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      Map<TopicPartition, Long> begun = ReportsNeeded.latestStarts(consumer, needed, ends);
      begun.forEach(consumer::seek);
      consumer.seekToBeginning(whole);
      Map<DestinationId, Backlog> backlogs = new HashMap<>();
      readTo(ends, consumer, () -> true, record -> take(record, backlogs, memory));
      return new Recent(backlogs, begun);
    }
  }

  /**
   * Reads what was written before that, as far as it is welcome. Blocks.
   *
   * @param ends with which offsets the recent reports begin
   * @param since as above
   * @param remembered from when on they are welcome
   * @param wanted whether to go on, asked before each few hundred
   */
  void readOlder(
      Map<TopicPartition, Long> ends,
      Map<Integer, Instant> since,
      Instant remembered,
      BooleanSupplier wanted,
      Memory memory) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(FEW)) {
      consumer.assign(ends.keySet());
      ReportsNeeded.starts(consumer, outcomes(since), remembered, ends).forEach(consumer::seek);
      readTo(ends, consumer, wanted, record -> take(record, Map.of(), memory));
    }
  }

  private static Map<TopicPartition, Instant> outcomes(Map<Integer, Instant> since) {
    return since.entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> new TopicPartition(Topics.OUTCOMES, entry.getKey()), Map.Entry::getValue));
  }

  private static void readTo(
      Map<TopicPartition, Long> ends,
      KafkaConsumer<byte[], byte[]> consumer,
      BooleanSupplier wanted,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    long begun = System.nanoTime();
    long latest = begun + LONGEST.toNanos();
    int count = 0;
    while (wanted.getAsBoolean()
        && ends.entrySet().stream().anyMatch(end -> isBehind(consumer, end))) {
      if (System.nanoTime() > latest) {
        throw new TimeoutException("outcomes gave nothing for " + LONGEST);
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < ends.getOrDefault(partitionOf(record), 0L)) {
          each.accept(record);
          count++;
        }
        latest = System.nanoTime() + LONGEST.toNanos();
      }
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    LOG.info("read {} records of what was done before, in {} ms", count, millis);
  }

  /** Whatever is wrong with one record, its partition must be served. */
  private void take(
      ConsumerRecord<byte[], byte[]> record, Map<DestinationId, Backlog> backlogs, Memory memory) {
    try {
      switch (record.topic()) {
        case Topics.BACKLOGS -> note(record, backlogs);
        case Topics.RUNS -> memory.run(record.partition(), record);
        default -> remember(record, memory);
      }
    } catch (RuntimeException e) {
      LOG.error("{}-{} at {} is left out", record.topic(), record.partition(), record.offset(), e);
    }
  }

  private static void remember(ConsumerRecord<byte[], byte[]> record, Memory memory) {
    Instant written = Instant.ofEpochMilli(record.timestamp());
    ReportCodec.delivered(record)
        .ifPresentOrElse(
            delivered -> memory.delivered(record.partition(), delivered, written),
            () -> memory.report(record.partition(), ModelJson.readReport(record.value())));
  }

  /**
   * What was removed where it lay before partitions were added says nothing of where it lies now.
   */
  private void note(ConsumerRecord<byte[], byte[]> record, Map<DestinationId, Backlog> backlogs) {
    if (topics.home(record.key()) != record.partition()) {
      return;
    }
    DestinationId id = DestinationId.parse(new String(record.key(), UTF_8));
    if (record.value() == null) {
      backlogs.remove(id);
    } else {
      backlogs.put(id, ModelJson.readBacklog(record.value()));
    }
  }

  private static TopicPartition partitionOf(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  private static boolean isBehind(
      KafkaConsumer<byte[], byte[]> consumer, Map.Entry<TopicPartition, Long> end) {
    return consumer.position(end.getKey()) < end.getValue();
  }

  private KafkaConsumer<byte[], byte[]> consumer(int most) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "auto.offset.reset",
            "earliest",
            "receive.buffer.bytes",
            -1,
            "max.poll.records",
            most,
            // So long it takes to close, too: it waits for the fetch that is out.
            "fetch.max.wait.ms",
            (int) LONGEST_FETCH.toMillis()),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
