// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventId;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries in {@code deliveries} and its retry tiers: the payload is the value, everything else
 * stands in headers, and their number does not grow however often a delivery comes back.
 */
public final class DeliveryCodec {

  private static final String DELIVERY = "postrider-delivery";
  private static final String EVENT = "postrider-event";
  private static final String ATTEMPT = "postrider-attempt";
  private static final String DUE = "postrider-due";
  private static final String WAITED_FOR = "postrider-waited-for";
  private static final String NUMBER = "postrider-number";
  private static final String BEHIND = "postrider-behind";

  private DeliveryCodec() {}

  /**
   * The record for a topic.
   *
   * @param at becomes the record's timestamp; a retry tier counts its delay from it
   */
  public static ProducerRecord<byte[], byte[]> write(String topic, Delivery delivery, Instant at) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            null,
            at.toEpochMilli(),
            key(delivery.destination()),
            delivery.event().payload().bytes());
    Headers headers = record.headers();
    put(headers, DELIVERY, delivery.id().toString());
    put(headers, EVENT, delivery.event().id().toString());
    put(headers, ATTEMPT, Integer.toString(delivery.attempt()));
    if (delivery.due() != null) {
      put(headers, DUE, Long.toString(delivery.due().toEpochMilli()));
    }
    if (delivery.waitedFor() != null) {
      put(headers, WAITED_FOR, delivery.waitedFor().label());
    }
    place(delivery.place(), headers);
    EventCodec.write(delivery.event().attributes(), delivery.event().contentType(), headers);
    return record;
  }

  /**
   * The delivery in a record.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Delivery read(ConsumerRecord<byte[], byte[]> record) {
    Headers headers = record.headers();
    if (record.key() == null) {
      throw new IllegalArgumentException("a delivery is keyed by its destination: there is no key");
    }
    EventDraft draft = EventCodec.binary(headers, record.value());
    String due = text(headers, DUE);
    String waitedFor = text(headers, WAITED_FOR);
    return new Delivery(
        DeliveryId.parse(required(headers, DELIVERY)),
        DestinationId.parse(new String(record.key(), UTF_8)),
        draft.at(EventId.parse(required(headers, EVENT))),
        Integer.parseInt(required(headers, ATTEMPT)),
        due == null ? null : Instant.ofEpochMilli(Long.parseLong(due)),
        waitedFor == null ? null : Decision.Why.of(waitedFor),
        place(record));
  }

  private static void place(Place place, Headers headers) {
    if (!place.equals(Place.NONE)) {
      put(headers, NUMBER, Long.toString(place.number()));
    }
    if (place.behind() != null) {
      put(headers, BEHIND, Long.toString(place.behind()));
    }
  }

  private static Place place(ConsumerRecord<byte[], byte[]> record) {
    String number = text(record.headers(), NUMBER);
    String behind = text(record.headers(), BEHIND);
    return new Place(
        number == null ? record.offset() : Long.parseLong(number),
        behind == null ? null : Long.valueOf(behind));
  }

  /** The key that keeps everything of a destination in one partition. */
  public static byte[] key(DestinationId destination) {
    return destination.toString().getBytes(UTF_8);
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }

  private static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }

  private static String required(Headers headers, String name) {
    String value = text(headers, name);
    if (value == null) {
      throw new IllegalArgumentException("a delivery needs the header " + name);
    }
    return value;
  }
}
