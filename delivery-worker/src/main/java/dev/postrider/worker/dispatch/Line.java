// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What waits a moment for its lane. First and further attempts stand in a row each, and the rows
 * take turns: so neither starves the other, nor takes the other's place.
 */
final class Line {

  /** More of one destination would hold up the others in its partition. */
  private static final int LONGEST_ROW = 256;

  /** Nor may its payloads use up the memory that is there for all; in bytes. */
  private static final long LARGEST_ROW = 512 * 1024;

  private final Row first = new Row();
  private final Row again = new Row();
  private Turn next = Turn.FIRST;

  private static final class Row {
    private final ArrayDeque<Work> works = new ArrayDeque<>();
    private long length;

    @Nullable Work poll() {
      Work work = works.poll();
      length -= work == null ? 0 : work.length();
      return work;
    }

    boolean hasSince(Instant then) {
      return !works.isEmpty() && works.element().since().isBefore(then);
    }
  }

  void add(Work work) {
    Row row = row(Turn.of(work.delivery()));
    row.works.add(work);
    row.length += work.length();
  }

  boolean isEmpty() {
    return size() == 0;
  }

  int size() {
    return first.works.size() + again.works.size();
  }

  /** Whether there is no place left for one who comes now. */
  boolean isFull(Turn turn) {
    Row row = row(turn);
    return row.works.size() >= LONGEST_ROW || row.length >= LARGEST_ROW;
  }

  /** How many go before one who comes now. */
  int before(Turn turn) {
    int own = row(turn).works.size();
    return own + Math.min(row(turn.other()).works.size(), own + 1);
  }

  /** Who goes next, and goes now. */
  @Nullable Work remove() {
    Turn turn = row(next).works.isEmpty() ? next.other() : next;
    next = turn.other();
    return row(turn).poll();
  }

  /** Whether somebody has stood here since before then. */
  boolean hasSince(Instant then) {
    return first.hasSince(then) || again.hasSince(then);
  }

  /** Whether the one with that number stands here. */
  boolean holds(long number) {
    return Stream.concat(first.works.stream(), again.works.stream())
        .anyMatch(work -> work.number() == number);
  }

  /** Somebody who has stood here since before then, and does no longer. */
  @Nullable Work removeSince(Instant then) {
    if (first.hasSince(then)) {
      return first.poll();
    }
    return again.hasSince(then) ? again.poll() : null;
  }

  private Row row(Turn turn) {
    return turn == Turn.FIRST ? first : again;
  }
}
