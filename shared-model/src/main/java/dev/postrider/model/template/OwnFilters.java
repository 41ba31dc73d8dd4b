// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.OutputTooBigException;
import com.hubspot.jinjava.lib.filter.Filter;
import dev.postrider.model.wire.PlainJson;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters that Jinjava has as well, but not right or not bounded. */
final class OwnFilters {

  private OwnFilters() {}

  static List<Filter> all() {
    return List.of(
        named("tojson", (value, _) -> PlainJson.write(value)),
        named("replace", OwnFilters::replace),
        named("round", OwnFilters::round));
  }

  /**
   * Counts before it builds: a replacement can be as long as the text, and stand for each letter.
   */
  private static @Nullable Object replace(@Nullable Object value, List<String> arguments) {
    if (arguments.size() != 2) {
      throw new IllegalArgumentException("replace takes what to replace, and by what");
    }
    String text = Rendering.text(value);
    String old = arguments.getFirst();
    long count = 0;
    for (int at = text.indexOf(old); at >= 0 && !old.isEmpty(); at = text.indexOf(old, at)) {
      count++;
      at += old.length();
    }
    long length = text.length() + count * (arguments.getLast().length() - old.length());
    if (length > Template.LARGEST) {
      throw new OutputTooBigException(Template.LARGEST, length);
    }
    return count == 0 ? text : text.replace(old, arguments.getLast());
  }

  private static @Nullable Object round(@Nullable Object value, List<String> arguments) {
    if (value == null) {
      return null;
    }
    int places = arguments.isEmpty() ? 0 : Integer.parseInt(arguments.getFirst());
    if (Math.abs(places) > 20) {
      throw new IllegalArgumentException("round takes at most 20 places");
    }
    return BoundedNumbers.bounded(new BigDecimal(value.toString()))
        .setScale(places, RoundingMode.HALF_UP);
  }

  private interface Body {
    @Nullable Object of(@Nullable Object value, List<String> arguments);
  }

  private static Filter named(String name, Body body) {
    return new Filter() {
      @Override
      public String getName() {
        return name;
      }

      @Override
      public @Nullable Object filter(
          @Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
        return body.of(value, List.of(arguments));
      }
    };
  }

  /** The same, asking whether there is time left: others call it for each element of a list. */
  static Filter guarded(Filter filter) {
    return new Filter() {
      @Override
      public String getName() {
        return filter.getName();
      }

      @Override
      public @Nullable Object filter(
          @Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
        refuseExcess(interpreter);
        return filter.filter(value, interpreter, arguments);
      }

      @Override
      public @Nullable Object filter(
          @Nullable Object value,
          JinjavaInterpreter interpreter,
          Object[] arguments,
          Map<String, Object> named) {
        refuseExcess(interpreter);
        return filter.filter(value, interpreter, arguments, named);
      }

      @Override
      public boolean preserveSafeString() {
        return filter.preserveSafeString();
      }
    };
  }

  private static void refuseExcess(JinjavaInterpreter interpreter) {
    if (interpreter instanceof Rendering rendering) {
      rendering.refuseExcess();
    }
  }
}
