// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

import dev.postrider.model.event.TimeOrderedUuid;
import java.util.UUID;

/** Names a destination; in text {@code dst_} and a UUID. */
public record DestinationId(UUID uuid) {

  private static final String PREFIX = "dst_";

  /** Reads the text form. */
  public static DestinationId parse(String text) {
    return new DestinationId(TimeOrderedUuid.parse(PREFIX, text));
  }

  @Override
  public String toString() {
    return PREFIX + uuid;
  }
}
