// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.crash;

import static java.util.stream.Collectors.joining;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which place, and how many passages are left until the process halts there. */
final class CrashOrder {

  private static final Pattern ORDER = Pattern.compile("([a-z-]+)(?::([1-9]\\d{0,8}))?");

  private final CrashPoint point;
  private final int passage;
  private final AtomicInteger left;

  private CrashOrder(CrashPoint point, int passage) {
    this.point = point;
    this.passage = passage;
    this.left = new AtomicInteger(passage);
  }

  /** {@code name} or {@code name:n}; nothing, when nothing was ordered. */
  static @Nullable CrashOrder parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    Matcher order = ORDER.matcher(text);
    if (order.matches()) {
      for (CrashPoint point : CrashPoint.values()) {
        if (point.label().equals(order.group(1))) {
          return new CrashOrder(
              point, order.group(2) == null ? 1 : Integer.parseInt(order.group(2)));
        }
      }
    }
    throw new UnknownCrashPointException(text, known());
  }

  private static String known() {
    return Stream.of(CrashPoint.values()).map(CrashPoint::label).collect(joining(", "));
  }

  boolean isDue(CrashPoint reached) {
    return reached == point && left.decrementAndGet() == 0;
  }

  @Override
  public String toString() {
    return "passage %d of %s".formatted(passage, point.label());
  }
}
