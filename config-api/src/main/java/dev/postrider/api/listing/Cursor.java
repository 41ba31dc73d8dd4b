// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.listing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postrider.api.problem.Violations;
import dev.postrider.api.problem.WholeNumber;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on: behind this time and id. In text opaque to the caller.
 *
 * @param time of the last item shown, in microseconds
 */
public record Cursor(Instant time, UUID id) {

  /** How many a page has at most. */
  public static final int HIGHEST_LIMIT = 250;

  private static final int DEFAULT_LIMIT = 50;
  private static final WholeNumber.Bounds LIMITS = new WholeNumber.Bounds(1, HIGHEST_LIMIT);

  /** Reads a cursor; null for none, a 400 when it is none of ours. */
  public static @Nullable Cursor parse(@Nullable String text) {
    Violations violations = new Violations();
    Cursor cursor = parse(text, violations);
    violations.refuse();
    return cursor;
  }

  /** The same, where more may be wrong. */
  static @Nullable Cursor parse(@Nullable String text, Violations violations) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      String[] parts = new String(Base64.getUrlDecoder().decode(text), ISO_8859_1).split("\\.", 2);
      Instant time = Instant.EPOCH.plus(Long.parseLong(parts[0]), ChronoUnit.MICROS);
      Cursor cursor = new Cursor(time, UUID.fromString(parts[1]));
      if (cursor.toString().equals(text) && !time.isBefore(Instant.EPOCH)) {
        return cursor;
      }
    } catch (RuntimeException _) {
      // said below
    }
    violations.add("cursor", "cursor must be a next_cursor of this list");
    return null;
  }

  /** Reads the parameter {@code limit}: 1 to 250, default 50. */
  static int limit(@Nullable String text, Violations violations) {
    return WholeNumber.read("limit", text, DEFAULT_LIMIT, LIMITS, violations);
  }

  @Override
  public String toString() {
    String text = ChronoUnit.MICROS.between(Instant.EPOCH, time) + "." + id;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(ISO_8859_1));
  }
}
