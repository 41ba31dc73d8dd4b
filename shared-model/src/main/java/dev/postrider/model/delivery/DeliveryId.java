// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.event.TimeOrderedUuid;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;

/**
 * Names the pair of an event and a destination, for ever: the same pair gives the same id wherever
 * and however often it is computed. On the wire it is the {@code webhook-id}.
 *
 * <p>In text {@code dlv_} and a UUID of version 7: the event's time in front, the rest from SHA-256
 * over the event's identity and the destination's id.
 */
public record DeliveryId(UUID uuid) {

  private static final String PREFIX = "dlv_";

  /** The id of this event's delivery to this destination. */
  public static DeliveryId of(PlatformEvent event, DestinationId destination) {
    byte[] hash = sha256(event.identity() + '\n' + destination);
    ByteBuffer bits = ByteBuffer.wrap(hash);
    return new DeliveryId(TimeOrderedUuid.of(event.time(), bits.getLong(), bits.getLong()));
  }

  /** Reads the text form. */
  public static DeliveryId parse(String text) {
    return new DeliveryId(TimeOrderedUuid.parse(PREFIX, text));
  }

  /** The event's time, in milliseconds. */
  public Instant time() {
    return TimeOrderedUuid.timeOf(uuid);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return PREFIX + uuid;
  }
}
