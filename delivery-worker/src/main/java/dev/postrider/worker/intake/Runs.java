// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.wire.Topics;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The latest run of each delivery of one partition that was sent again or called off while it
 * waited: what is waiting of an older run is outdated. Written to {@code postrider.runs} before
 * anything is done for the newer run, and read back when the partition is assigned. Forgotten once
 * nothing older can be waiting any more.
 */
final class Runs {

  private final Map<UUID, Latest> latest = new LinkedHashMap<>();

  private record Latest(long run, Instant since) {}

  /** The record that keeps this delivery's run; all topics have the same partitions. */
  static ProducerRecord<byte[], byte[]> write(int partition, Delivery delivery, Instant now) {
    return new ProducerRecord<>(
        Topics.RUNS,
        partition,
        now.toEpochMilli(),
        delivery.id().toString().getBytes(UTF_8),
        Long.toString(delivery.run().number()).getBytes(UTF_8));
  }

  /**
   * Takes in what was written.
   *
   * @throws IllegalArgumentException when it is something else
   */
  void read(ConsumerRecord<byte[], byte[]> record, Instant now) {
    DeliveryId id = DeliveryId.parse(new String(record.key(), UTF_8));
    long run = Long.parseLong(new String(record.value(), UTF_8));
    note(id, run, Instant.ofEpochMilli(record.timestamp()));
    forgetOld(now);
  }

  /** From now on older runs of this delivery are outdated. */
  void note(Delivery delivery, Instant now) {
    note(delivery.id(), delivery.run().number(), now);
    forgetOld(now);
  }

  private void note(DeliveryId id, long run, Instant since) {
    Latest before = latest.remove(id.uuid());
    boolean newer = before == null || before.run() < run;
    latest.put(id.uuid(), newer ? new Latest(run, since) : before);
  }

  /** Whether a newer run has taken this one's place. */
  boolean outdated(Delivery delivery) {
    Latest newest = latest.get(delivery.id().uuid());
    return newest != null && delivery.run().number() < newest.run();
  }

  private void forgetOld(Instant now) {
    Instant old = now.minus(Topics.RUNS_KEPT);
    Iterator<Latest> oldest = latest.values().iterator();
    while (oldest.hasNext() && oldest.next().since().isBefore(old)) {
      oldest.remove();
    }
  }
}
