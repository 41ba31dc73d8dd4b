// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.repartition;

import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.crash.CrashPoint;
import dev.postrider.worker.intake.ReportsNeeded;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What is under way in the partitions of one number goes to where it belongs.
 *
 * <pre>
 *   outcomes                 what a journal needs   ─► to their homes, marked: they are recorded already
 *   backlogs                 the last of each key   ─► to its home, and removed here
 *   runs                     all                    ─► to every partition that something goes to
 *   deliveries               all above the commit   ─► to its home, be it this one's end; then commit the end
 *   retry tiers              all above the commit   ─► the same, but a batch, then its commit
 * </pre>
 *
 * Whoever takes a partition then finds what he would after a crash of its owner, and it is the
 * journal that knows what of it is done. Killed before a commit, the same is written again behind
 * itself, and what lies there twice is known for the same. Of a tier, where much may wait for long,
 * that is a batch; of deliveries it is all, since whoever comes there for the first time comes in
 * his order.
 */
final class Move implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int LARGEST_REQUEST = 4 * 1024 * 1024;
  private static final String GROUP = "postrider-dispatch";
  private static final byte[] YES = {};

  /** As if nothing had ever been committed: it is not known what was done. */
  private static final OffsetAndMetadata NEVER = new OffsetAndMetadata(0, Instant.EPOCH.toString());

  private final Topics topics;
  private final int number;
  private final int before;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<@Nullable Exception> unwritten = new AtomicReference<>();
  private int moved;
  private int staying;

  /** How many deliveries went elsewhere, and how many did not. */
  record Count(int moved, int staying) {}

  /**
   * Of partitions with that number.
   *
   * @param topics as they are to be
   * @param before how many there were
   */
  Move(String bootstrapServers, Topics topics, int number, int before) {
    this.topics = topics;
    this.number = number;
    this.before = before;
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "enable.idempotence",
                true,
                "max.request.size",
                LARGEST_REQUEST),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  Count run(Admin admin, Duration remembered, Instant now)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetAndMetadata> commits =
        admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get();
    Instant since = since(commits, now);
    moveReports(since, now.minus(remembered));
    moveBacklogs();
    read(here(Topics.RUNS), 0, this::copyRun);
    flush();
    begin(admin, commits, since);
    for (String topic : topics.dispatched()) {
      OffsetAndMetadata commit = commits.getOrDefault(here(topic), NEVER);
      LongConsumer committing =
          next ->
              commit(admin, Map.of(here(topic), new OffsetAndMetadata(next, commit.metadata())));
      boolean allAtOnce = topic.equals(Topics.DELIVERIES);
      long end =
          read(here(topic), commit.offset(), this::moveDelivery, allAtOnce ? _ -> {} : committing);
      if (allAtOnce && commit.offset() < end) {
        committing.accept(end);
      }
    }
    return new Count(moved, staying);
  }

  /**
   * Since when something may have been done for what is under way here; for what was handed over as
   * well, which never lay in deliveries.
   */
  private Instant since(Map<TopicPartition, OffsetAndMetadata> commits, Instant now) {
    Instant since = now;
    for (String topic : topics.dispatched()) {
      OffsetAndMetadata commit = commits.getOrDefault(here(topic), NEVER);
      Instant own = ReportsNeeded.since(commit, now);
      boolean open = topic.equals(Topics.DELIVERIES) || commit.offset() < end(here(topic));
      since = open && own.isBefore(since) ? own : since;
    }
    return since;
  }

  /** Who takes a new partition knows how far back to read, as if it had been another's. */
  private void begin(Admin admin, Map<TopicPartition, OffsetAndMetadata> commits, Instant since) {
    Map<TopicPartition, OffsetAndMetadata> begun = new HashMap<>();
    OffsetAndMetadata beginning = new OffsetAndMetadata(0, since.toString());
    for (String topic : topics.dispatched()) {
      children().forEach(child -> begun.put(new TopicPartition(topic, child), beginning));
    }
    begun.keySet().removeAll(commits.keySet());
    commit(admin, begun);
  }

  private void commit(Admin admin, Map<TopicPartition, OffsetAndMetadata> offsets) {
    flush();
    CrashPoint.BEFORE_COMMIT.reached();
    try {
      admin.alterConsumerGroupOffsets(GROUP, offsets).all().get();
    } catch (ExecutionException e) {
      throw new KafkaException("cannot commit: give the command again", e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private TopicPartition here(String topic) {
    return new TopicPartition(topic, number);
  }

  private int home(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? number : topics.home(record.key());
  }

  private void moveDelivery(ConsumerRecord<byte[], byte[]> record) {
    int home = home(record);
    if (home == number) {
      staying++;
    } else {
      moved++;
    }
    write(DeliveryCodec.moved(record, home));
  }

  private void moveReports(Instant needed, Instant welcome) {
    TopicPartition outcomes = here(Topics.OUTCOMES);
    Map<TopicPartition, Long> ends = Map.of(outcomes, end(outcomes));
    Map<TopicPartition, Long> starts =
        ReportsNeeded.starts(consumer, Map.of(outcomes, needed), welcome, ends);
    read(
        outcomes,
        Objects.requireNonNull(starts.get(outcomes)),
        record -> {
          int home = home(record);
          if (home != number) {
            ProducerRecord<byte[], byte[]> copy = to(home, record, record.value());
            copy.headers().add(Topics.MOVED_HEADER, YES);
            write(copy);
          }
        });
  }

  private void moveBacklogs() {
    Map<Bytes, ConsumerRecord<byte[], byte[]>> latest = new LinkedHashMap<>();
    read(
        here(Topics.BACKLOGS),
        0,
        record -> {
          if (home(record) != number) {
            latest.put(Bytes.wrap(record.key()), record);
          }
        });
    latest.values().removeIf(record -> record.value() == null);
    latest.values().forEach(record -> write(to(home(record), record, record.value())));
    flush();
    latest.values().forEach(record -> write(to(number, record, null)));
  }

  /** Its key does not tell its destination. */
  private void copyRun(ConsumerRecord<byte[], byte[]> record) {
    children().forEach(child -> write(to(child, record, record.value())));
  }

  /** The new partitions that something from here may go to. */
  private IntStream children() {
    return IntStream.iterate(
        number + before, next -> next < topics.partitions(), next -> next + before);
  }

  private static ProducerRecord<byte[], byte[]> to(
      int partition, ConsumerRecord<byte[], byte[]> record, byte @Nullable [] value) {
    return new ProducerRecord<>(
        record.topic(), partition, record.timestamp(), record.key(), value, record.headers());
  }

  private void read(
      TopicPartition partition, long start, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    read(partition, start, each, _ -> {});
  }

  /**
   * From the offset, or what is left of it, to where the partition ends now; not what is written to
   * it meanwhile. Answers that end.
   *
   * @param then gets the first offset that was not read, after each batch
   */
  private long read(
      TopicPartition partition,
      long start,
      Consumer<ConsumerRecord<byte[], byte[]>> each,
      LongConsumer then) {
    long end = end(partition);
    consumer.seek(partition, start);
    long latest = System.nanoTime() + LONGEST.toNanos();
    for (long next = start; next < end; next = consumer.position(partition)) {
      List<ConsumerRecord<byte[], byte[]>> batch = consumer.poll(POLL).records(partition);
      batch.stream().filter(record -> record.offset() < end).forEach(each);
      if (!batch.isEmpty()) {
        latest = System.nanoTime() + LONGEST.toNanos();
        then.accept(Math.min(end, consumer.position(partition)));
      } else if (System.nanoTime() > latest) {
        throw new TimeoutException(partition + " gave nothing for " + LONGEST);
      }
    }
    return end;
  }

  private long end(TopicPartition partition) {
    consumer.assign(List.of(partition));
    return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
  }

  private void write(ProducerRecord<byte[], byte[]> record) {
    producer.send(
        record,
        (_, fault) -> {
          if (fault != null) {
            unwritten.compareAndSet(null, fault);
          }
        });
  }

  private void flush() {
    producer.flush();
    Exception fault = unwritten.get();
    if (fault != null) {
      throw new KafkaException("Kafka did not take everything: give the command again", fault);
    }
  }

  @Override
  public void close() {
    consumer.close();
    producer.close();
  }
}
