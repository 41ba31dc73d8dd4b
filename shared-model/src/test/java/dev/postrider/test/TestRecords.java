// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.test;

import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records without a broker. */
public final class TestRecords {

  private TestRecords() {}

  /** What was written, as whoever reads it there gets it; without a time, if it was given none. */
  public static ConsumerRecord<byte[], byte[]> read(
      ProducerRecord<byte[], byte[]> written, int partition, long offset) {
    return new ConsumerRecord<>(
        written.topic(),
        partition,
        offset,
        Objects.requireNonNullElse(written.timestamp(), ConsumerRecord.NO_TIMESTAMP),
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        written.key(),
        written.value(),
        new RecordHeaders(written.headers()),
        Optional.empty());
  }
}
