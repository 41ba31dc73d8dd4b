// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.Payload;
import dev.postrider.model.event.PlatformEvent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Events in the {@code events} topic: CloudEvents in binary or structured mode, written always in
 * binary.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 *     protocol binding 1.0.2 §3</a>
 */
public final class EventCodec {

  /** A value over this is no event but {@code undecodable}; in bytes. */
  public static final int MAX_VALUE_LENGTH = 256 * 1024;

  /** Attributes over this are no event but {@code undecodable}; in bytes, all headers together. */
  public static final int MAX_HEADERS_LENGTH = 64 * 1024;

  private static final String ATTRIBUTE_PREFIX = "ce_";
  private static final String CONTENT_TYPE = "content-type";
  private static final String TRACE_PARENT = "traceparent";

  private EventCodec() {}

  /** What a record of the topic turned out to be. */
  public sealed interface Decoded {

    /** An event. */
    record Event(PlatformEvent event) implements Decoded {}

    /**
     * Something else.
     *
     * @param reason for people, in one line
     */
    record Undecodable(String reason) implements Decoded {}
  }

  /** Never fails: what is no event is {@link Decoded.Undecodable}. */
  public static Decoded decode(ConsumerRecord<?, byte[]> record) {
    byte[] value = record.value();
    if (value != null && value.length > MAX_VALUE_LENGTH) {
      return new Decoded.Undecodable(
          "value is %d bytes long, allowed are %d".formatted(value.length, MAX_VALUE_LENGTH));
    }
    int headers = lengthOf(record.headers());
    if (headers > MAX_HEADERS_LENGTH) {
      return new Decoded.Undecodable(
          "attributes are %d bytes long, allowed are %d".formatted(headers, MAX_HEADERS_LENGTH));
    }
    try {
      EventDraft draft = withTrace(draft(record.headers(), value), record.headers());
      Map<String, String> violations = draft.violations();
      if (!violations.isEmpty()) {
        return new Decoded.Undecodable(String.join("; ", violations.values()));
      }
      return new Decoded.Event(draft.at(idOf(record)));
    } catch (IllegalArgumentException e) {
      return new Decoded.Undecodable(String.valueOf(e.getMessage()));
    }
  }

  private static int lengthOf(Headers headers) {
    int length = 0;
    for (Header header : headers) {
      length += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return length;
  }

  /** The id of the event in this record. */
  public static EventId idOf(ConsumerRecord<?, ?> record) {
    Instant time = Instant.ofEpochMilli(Math.max(0, record.timestamp()));
    return new EventId(time, record.partition(), record.offset());
  }

  /** The record that publishes an event, keyed by {@code partitionkey} or else the tenant. */
  public static ProducerRecord<byte[], byte[]> publish(EventDraft draft) {
    Map<String, String> attributes = draft.attributes();
    String tenant = attributes.getOrDefault("tenantid", "");
    String key = attributes.getOrDefault("partitionkey", tenant);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Topics.EVENTS, key.getBytes(UTF_8), draft.payload().bytes());
    write(attributes, draft.contentType(), record.headers());
    return record;
  }

  static void write(Map<String, String> attributes, @Nullable String contentType, Headers headers) {
    attributes.forEach((name, text) -> headers.add(ATTRIBUTE_PREFIX + name, text.getBytes(UTF_8)));
    if (contentType != null) {
      headers.add(CONTENT_TYPE, contentType.getBytes(UTF_8));
    }
  }

  static EventDraft draft(Headers headers, byte @Nullable [] value) {
    EventDraft binary = binary(headers, value, (_, _) -> {});
    if (value != null && ContentTypes.is(ContentTypes.CLOUDEVENT, binary.contentType())) {
      return CloudEventJson.read(value);
    }
    if (binary.attributes().isEmpty()) {
      throw new IllegalArgumentException(
          "no CloudEvent: neither ce_ headers nor the content-type " + ContentTypes.CLOUDEVENT);
    }
    return binary;
  }

  /**
   * Attributes from headers, data from the value, whatever its content type.
   *
   * @param others is given the headers that are neither attribute nor content type
   */
  static EventDraft binary(
      Headers headers, byte @Nullable [] value, BiConsumer<String, String> others) {
    String contentType = null;
    Map<String, String> attributes = new LinkedHashMap<>();
    for (Header header : headers) {
      byte[] octets = header.value();
      if (octets != null) {
        String name = header.key();
        String text = new String(octets, UTF_8);
        if (name.startsWith(ATTRIBUTE_PREFIX)) {
          attributes.put(name.substring(ATTRIBUTE_PREFIX.length()), text);
        } else if (name.equals(CONTENT_TYPE)) {
          contentType = text;
        } else {
          others.accept(name, text);
        }
      }
    }
    return new EventDraft(attributes, contentType, Payload.of(value));
  }

  /** The trace may come as a plain header; the attribute wins where both are there. */
  private static EventDraft withTrace(EventDraft draft, Headers headers) {
    Header plain = headers.lastHeader(TRACE_PARENT);
    if (plain == null || plain.value() == null || draft.attributes().containsKey(TRACE_PARENT)) {
      return draft;
    }
    Map<String, String> attributes = new LinkedHashMap<>(draft.attributes());
    attributes.put(TRACE_PARENT, new String(plain.value(), UTF_8));
    return new EventDraft(attributes, draft.contentType(), draft.payload());
  }
}
