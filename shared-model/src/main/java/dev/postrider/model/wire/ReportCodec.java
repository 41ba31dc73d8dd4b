// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import dev.postrider.model.delivery.Delivered;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.event.EventId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Reports in {@code outcomes}: the value is the report as JSON. Of a first attempt that was
 * accepted, a header says so: a worker that takes partitions over reads hundreds of thousands of
 * those before it serves them, and needs to know no more.
 */
public final class ReportCodec {

  /** Two UUIDs, big-endian: of the delivery and of the event. */
  private static final String DELIVERED = "postrider-delivered";

  private static final int LENGTH = 4 * Long.BYTES;

  private ReportCodec() {}

  /** The record for {@code outcomes}, keyed by the destination. */
  public static ProducerRecord<byte[], byte[]> write(Report report) {
    byte[] key = DeliveryCodec.key(report.destination());
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Topics.OUTCOMES, key, ModelJson.write(report));
    Delivered.of(report).ifPresent(delivered -> record.headers().add(DELIVERED, bytes(delivered)));
    return record;
  }

  /** What the header says; empty where the value must be read. */
  public static Optional<Delivered> delivered(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader(DELIVERED);
    if (header == null || header.value() == null || header.value().length != LENGTH) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(header.value());
    DeliveryId delivery = new DeliveryId(uuid(bytes));
    return Optional.of(new Delivered(delivery, EventId.of(uuid(bytes))));
  }

  private static byte[] bytes(Delivered delivered) {
    UUID delivery = delivered.delivery().uuid();
    UUID event = delivered.event().uuid();
    return ByteBuffer.allocate(LENGTH)
        .putLong(delivery.getMostSignificantBits())
        .putLong(delivery.getLeastSignificantBits())
        .putLong(event.getMostSignificantBits())
        .putLong(event.getLeastSignificantBits())
        .array();
  }

  private static UUID uuid(ByteBuffer bytes) {
    return new UUID(bytes.getLong(), bytes.getLong());
  }
}
