// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Records that nobody can read, put aside whole: original key, bytes and headers, with the reason
 * and the origin.
 */
public final class UndecodableCodec {

  private UndecodableCodec() {}

  /**
   * The record for {@code undecodable}.
   *
   * @param reason for people, in one line
   */
  public static ProducerRecord<byte[], byte[]> write(
      ConsumerRecord<byte[], byte[]> record, String reason) {
    ProducerRecord<byte[], byte[]> copy =
        new ProducerRecord<>(Topics.UNDECODABLE, record.key(), record.value());
    Headers headers = copy.headers();
    record.headers().forEach(headers::add);
    String origin = "%s-%d-%d".formatted(record.topic(), record.partition(), record.offset());
    headers.add(Topics.REASON_HEADER, reason.getBytes(UTF_8));
    headers.add(Topics.ORIGIN_HEADER, origin.getBytes(UTF_8));
    return copy;
  }
}
