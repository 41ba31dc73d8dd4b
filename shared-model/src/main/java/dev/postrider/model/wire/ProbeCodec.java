// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.Probe;
import dev.postrider.model.delivery.Report;
import java.time.DateTimeException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Probes and their answers as records: a delivery, with the snapshot of its destination and the end
 * of the wait as headers more; a report, with the headers by which whoever asked knows it.
 */
public final class ProbeCodec {

  private static final String DESTINATION = "postrider-destination";
  private static final String EXPIRES = "postrider-expires";

  /** Of the request, repeated in the answer. */
  private static final String CORRELATION = "kafka_correlationId";

  private ProbeCodec() {}

  /** The record for {@code probes}. */
  public static ProducerRecord<byte[], byte[]> write(Probe probe, Instant at) {
    ProducerRecord<byte[], byte[]> record =
        DeliveryCodec.write(Topics.PROBES, probe.delivery(), at);
    record
        .headers()
        .add(DESTINATION, ModelJson.write(probe.destination()))
        .add(EXPIRES, probe.expires().toString().getBytes(UTF_8));
    return record;
  }

  /**
   * Reads a probe.
   *
   * @throws IllegalArgumentException when the record is none
   */
  public static Probe read(ConsumerRecord<byte[], byte[]> record) {
    try {
      return new Probe(
          ModelJson.readDestination(required(record.headers(), DESTINATION)),
          DeliveryCodec.read(record),
          Instant.parse(new String(required(record.headers(), EXPIRES), UTF_8)));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("the header " + EXPIRES + " must be a time", e);
    }
  }

  /** The record for {@code probe-replies}. */
  public static ProducerRecord<byte[], byte[]> reply(
      ConsumerRecord<byte[], byte[]> probe, Report report) {
    ProducerRecord<byte[], byte[]> reply =
        new ProducerRecord<>(Topics.PROBE_REPLIES, probe.key(), ModelJson.write(report));
    reply.headers().add(CORRELATION, required(probe.headers(), CORRELATION));
    return reply;
  }

  private static byte[] required(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    if (header == null) {
      throw new IllegalArgumentException("a probe must have the header " + name);
    }
    return header.value();
  }
}
