// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.listing;

import dev.postrider.api.problem.Violations;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.util.MultiValueMap;

/**
 * What the rows of a list must be like: SQL over its columns, with one parameter.
 *
 * @param parameter the name of the one that the SQL has
 */
public record Condition(String sql, String parameter, Object value) {

  /** All of them, behind another: {@code and a = :a and b = :b}. */
  public static String sql(List<Condition> conditions) {
    return conditions.stream()
        .map(condition -> " and " + condition.sql())
        .collect(Collectors.joining());
  }

  /** Sets the parameters of {@link #sql(List)}. */
  public static GenericExecuteSpec bind(GenericExecuteSpec query, List<Condition> conditions) {
    GenericExecuteSpec bound = query;
    for (Condition condition : conditions) {
      bound = bound.bind(condition.parameter(), condition.value());
    }
    return bound;
  }

  /** Reads query parameters, and notes all that are not understood. */
  public static final class Reading {

    private final MultiValueMap<String, String> query;
    private final Violations violations = new Violations();
    private final List<Condition> conditions = new ArrayList<>();
    private final Set<String> known = new HashSet<>();

    /** Of these parameters. */
    public Reading(MultiValueMap<String, String> query) {
      this.query = query;
    }

    /** Reads the parameters {@code limit} and {@code cursor}. */
    public Page.Wanted page() {
      known.addAll(List.of("limit", "cursor"));
      return Page.Wanted.of(query.getFirst("limit"), query.getFirst("cursor"), violations);
    }

    /** The column of that name must be what is read. */
    public void take(String name, Function<String, Object> reading) {
      take(name, name + " = :" + name, reading);
    }

    /** The same with other SQL; a reading that throws is a violation. */
    public void take(String name, String sql, Function<String, Object> reading) {
      boolean first = known.add(name);
      String text = query.getFirst(name);
      if (text == null) {
        return;
      }
      try {
        if (text.indexOf('\0') >= 0) {
          throw new IllegalArgumentException("PostgreSQL knows no text with U+0000");
        }
        String parameter = sql.substring(sql.indexOf(':') + 1).split(" ", 2)[0];
        conditions.add(new Condition(sql, parameter, reading.apply(text)));
      } catch (IllegalArgumentException _) {
        if (first) {
          violations.add(name, name + " is not understood: was '" + text + "'");
        }
      }
    }

    /** Notes a parameter that is none of these. */
    public void oneOf(String name, List<String> allowed) {
      known.add(name);
      String text = query.getFirst(name);
      if (text != null && !allowed.contains(text)) {
        violations.add(name, "%s must be one of %s: was '%s'".formatted(name, allowed, text));
      }
    }

    /**
     * What was read; a 400 when there is a violation, or a parameter that nobody reads: it would
     * not be a filter, and the answer another than was asked for.
     */
    public List<Condition> conditions() {
      for (String name : query.keySet()) {
        if (!known.contains(name)) {
          violations.add(name, name + " is not a known parameter");
        }
      }
      violations.refuse();
      return List.copyOf(conditions);
    }
  }

  /** What a list with a cursor goes on with, for columns of these names; empty at its beginning. */
  public static String behind(@Nullable Cursor cursor, String time) {
    return cursor == null ? "" : " and (" + time + ", id) < (:cursor_time, :cursor_id)";
  }

  /** Sets the parameters of {@link #behind}. */
  public static GenericExecuteSpec bind(GenericExecuteSpec query, @Nullable Cursor cursor) {
    return cursor == null
        ? query
        : query.bind("cursor_time", cursor.time()).bind("cursor_id", cursor.id());
  }
}
