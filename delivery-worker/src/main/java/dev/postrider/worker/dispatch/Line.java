// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What waits a moment for its lane. First and further attempts stand in a row each, and the rows
 * take turns: so neither starves the other.
 */
final class Line {

  private final Map<Turn, ArrayDeque<Work>> rows =
      new EnumMap<>(Map.of(Turn.FIRST, new ArrayDeque<>(), Turn.AGAIN, new ArrayDeque<>()));
  private Turn next = Turn.FIRST;
  private long length;

  void add(Work work) {
    row(Turn.of(work.delivery())).add(work);
    length += work.length();
  }

  boolean isEmpty() {
    return row(Turn.FIRST).isEmpty() && row(Turn.AGAIN).isEmpty();
  }

  int size() {
    return row(Turn.FIRST).size() + row(Turn.AGAIN).size();
  }

  /** Of all payloads together, in bytes. */
  long length() {
    return length;
  }

  /** How many go before one who comes now. */
  int before(Turn turn) {
    int own = row(turn).size();
    return own + Math.min(row(turn.other()).size(), own + 1);
  }

  /** Who goes next, and goes now. */
  @Nullable Work remove() {
    Turn turn = row(next).isEmpty() ? next.other() : next;
    next = turn.other();
    return without(row(turn).poll());
  }

  private @Nullable Work without(@Nullable Work gone) {
    length -= gone == null ? 0 : gone.length();
    return gone;
  }

  /** Somebody who has stood here since before then, and does no longer. */
  @Nullable Work removeSince(Instant then) {
    return without(
        Stream.of(Turn.values())
            .map(this::row)
            .filter(row -> !row.isEmpty() && row.element().since().isBefore(then))
            .findFirst()
            .map(ArrayDeque::remove)
            .orElse(null));
  }

  private ArrayDeque<Work> row(Turn turn) {
    return Objects.requireNonNull(rows.get(turn));
  }
}
