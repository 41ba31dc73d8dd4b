// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.delivery.Run;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventId;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
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
  private static final String RUN = "postrider-run";

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
    if (!delivery.run().original()) {
      put(headers, RUN, delivery.run().toString());
    }
    EventCodec.write(delivery.event().attributes(), delivery.event().contentType(), headers);
    return record;
  }

  /**
   * The delivery in a record.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Delivery read(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      throw new IllegalArgumentException("a delivery is keyed by its destination: there is no key");
    }
    Found found = new Found();
    EventDraft draft = EventCodec.binary(record.headers(), record.value(), found::take);
    return new Delivery(
        DeliveryId.parse(required(DELIVERY, found.delivery)),
        DestinationId.parse(new String(record.key(), UTF_8)),
        draft.at(EventId.parse(required(EVENT, found.event))),
        Integer.parseInt(required(ATTEMPT, found.attempt)),
        found.due == null ? null : Instant.ofEpochMilli(Long.parseLong(found.due)),
        found.waitedFor == null ? null : Decision.Why.of(found.waitedFor),
        new Place(
            found.number == null ? Position.of(record) : Long.parseLong(found.number),
            found.behind == null ? null : Long.valueOf(found.behind)),
        found.run == null ? Run.ORIGINAL : Run.parse(found.run));
  }

  /** The same record for another partition, or the end of this one; it keeps its place. */
  public static ProducerRecord<byte[], byte[]> moved(
      ConsumerRecord<byte[], byte[]> record, int partition) {
    ProducerRecord<byte[], byte[]> moved =
        new ProducerRecord<>(
            record.topic(),
            partition,
            record.timestamp(),
            record.key(),
            record.value(),
            record.headers());
    if (record.headers().lastHeader(NUMBER) == null) {
      put(moved.headers(), NUMBER, Long.toString(Position.of(record)));
    }
    return moved;
  }

  /** What our own headers say, each looked at once. */
  private static final class Found {

    private @Nullable String delivery;
    private @Nullable String event;
    private @Nullable String attempt;
    private @Nullable String due;
    private @Nullable String waitedFor;
    private @Nullable String number;
    private @Nullable String behind;
    private @Nullable String run;

    void take(String name, String text) {
      switch (name) {
        case DELIVERY -> delivery = text;
        case EVENT -> event = text;
        case ATTEMPT -> attempt = text;
        case DUE -> due = text;
        case WAITED_FOR -> waitedFor = text;
        case NUMBER -> number = text;
        case BEHIND -> behind = text;
        case RUN -> run = text;
        default -> {} // somebody else's
      }
    }
  }

  private static void place(Place place, Headers headers) {
    if (!place.equals(Place.NONE)) {
      put(headers, NUMBER, Long.toString(place.number()));
    }
    if (place.behind() != null) {
      put(headers, BEHIND, Long.toString(place.behind()));
    }
  }

  /** The key that keeps everything of a destination in one partition. */
  public static byte[] key(DestinationId destination) {
    return destination.toString().getBytes(UTF_8);
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }

  private static String required(String name, @Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException("a delivery needs the header " + name);
    }
    return value;
  }
}
