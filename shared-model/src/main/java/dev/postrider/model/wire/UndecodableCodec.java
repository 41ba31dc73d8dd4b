// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Records that nobody can read, put aside whole: original key, bytes and headers, with the reason
 * and the origin. Only what would not fit into a record again is left out; the origin says where it
 * still lies.
 */
public final class UndecodableCodec {

  /** A record may be 2 MiB; the rest is for names, origin and reason. */
  private static final int LARGEST_COPY = 3 * 512 * 1024;

  private static final int LONGEST_REASON = 500;

  private UndecodableCodec() {}

  /**
   * The record for {@code undecodable}.
   *
   * @param reason for people, in one line
   */
  public static ProducerRecord<byte[], byte[]> write(
      ConsumerRecord<byte[], byte[]> record, String reason) {
    int room = LARGEST_COPY - (record.key() == null ? 0 : record.key().length);
    byte[] value = record.value();
    boolean fits = value == null || value.length <= room;
    ProducerRecord<byte[], byte[]> copy =
        new ProducerRecord<>(
            Topics.UNDECODABLE, room < 0 ? null : record.key(), fits ? value : null);
    Headers headers = copy.headers();
    room -= fits && value != null ? value.length : 0;
    for (Header header : record.headers()) {
      int length = header.value() == null ? 0 : header.value().length;
      if (length <= room) {
        headers.add(header);
        room -= length;
      }
    }
    String origin = "%s-%d-%d".formatted(record.topic(), record.partition(), record.offset());
    headers.add(Topics.REASON_HEADER, cut(reason).getBytes(UTF_8));
    headers.add(Topics.ORIGIN_HEADER, origin.getBytes(UTF_8));
    return copy;
  }

  private static String cut(String reason) {
    return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
  }
}
