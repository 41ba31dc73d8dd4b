// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.listing;

import dev.postrider.api.problem.Violations;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;

/**
 * A page of a list, newest first.
 *
 * @param nextCursor null at the end
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

  /**
   * What is asked for.
   *
   * @param size how many items at most
   * @param after the last item of the page before; null for the first page
   */
  public record Wanted(int size, @Nullable Cursor after) {

    /** Reads the parameters {@code limit} and {@code cursor}; a 400 for what they cannot be. */
    public static Wanted of(@Nullable String limit, @Nullable String cursor) {
      Violations violations = new Violations();
      Wanted page = of(limit, cursor, violations);
      violations.refuse();
      return page;
    }

    static Wanted of(@Nullable String limit, @Nullable String cursor, Violations violations) {
      return new Wanted(Cursor.limit(limit, violations), Cursor.parse(cursor, violations));
    }

    /** How many to look for: one more than fits says that there is another page. */
    public int found() {
      return size + 1;
    }

    /**
     * How a query ends that has a condition before it.
     *
     * @param key a column that grows with time, with an index
     */
    public String behind(String key) {
      return (after == null ? "" : " and " + key + " < :cursor_id")
          + " order by %s desc limit :found".formatted(key);
    }

    /** Sets the parameters of {@link #behind}. */
    public GenericExecuteSpec bound(GenericExecuteSpec query) {
      GenericExecuteSpec limited = query.bind("found", found());
      return after == null ? limited : limited.bind("cursor_id", after.id());
    }

    /** What of that is shown. */
    public <R, T> Page<T> of(List<R> found, Function<R, Cursor> place, Function<R, T> answer) {
      List<R> shown = found.subList(0, Math.min(size, found.size()));
      String next = shown.size() < found.size() ? place.apply(shown.getLast()).toString() : null;
      return new Page<>(shown.stream().map(answer).toList(), next);
    }
  }
}
