// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * JSON as values of the JDK and back: maps in the order of the document, lists, strings, numbers,
 * booleans and null. Whole numbers are Long or, where they do not fit, BigInteger; others are
 * BigDecimal, so that {@code 4.50} keeps its nought.
 */
public final class PlainJson {

  /** As deep as is read. */
  private static final int DEEPEST = 64;

  /** Written out: a number like 1e999999999 is small here and fills the heap where it is used. */
  private static final int MOST_DIGITS = 1000;

  private final StringBuilder text = new StringBuilder();

  private PlainJson() {}

  /**
   * Reads one JSON value; what comes out cannot be changed.
   *
   * @throws MalformedJsonException when it is none, or holds a number of more than 1000 digits
   */
  public static @Nullable Object read(byte[] utf8) {
    return plain(JsonText.parse(utf8));
  }

  private static @Nullable Object plain(JsonText json) {
    if (json.isObject()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      json.members().forEach((name, member) -> map.put(name, plain(member)));
      return Collections.unmodifiableMap(map);
    }
    if (json.isArray()) {
      List<@Nullable Object> list = new ArrayList<>();
      json.elements().forEach(element -> list.add(plain(element)));
      return Collections.unmodifiableList(list);
    }
    if (json.isNull()) {
      return null;
    }
    return json.isString() ? json.text() : numberOrTruth(json.text());
  }

  private static Object numberOrTruth(String spelling) {
    return switch (spelling) {
      case "true" -> true;
      case "false" -> false;
      default -> number(spelling);
    };
  }

  private static Object number(String spelling) {
    if (spelling.chars().anyMatch(c -> c == '.' || c == 'e' || c == 'E')) {
      BigDecimal decimal = new BigDecimal(spelling);
      if (Math.abs((long) decimal.scale()) > MOST_DIGITS || decimal.precision() > MOST_DIGITS) {
        throw new MalformedJsonException("a number has more than 1000 digits");
      }
      return decimal;
    }
    return spelling.length() <= 18 ? Long.parseLong(spelling) : narrowed(new BigInteger(spelling));
  }

  private static Object narrowed(BigInteger whole) {
    return whole.bitLength() < Long.SIZE ? whole.longValue() : whole;
  }

  /**
   * Writes such a value as one line without spaces. Anything else is written as a string, what JSON
   * has no number for as null.
   *
   * @throws IllegalArgumentException when it is more than 64 levels deep
   */
  public static String write(@Nullable Object value) {
    PlainJson json = new PlainJson();
    json.write(value, 0);
    return json.text.toString();
  }

  private void write(@Nullable Object value, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("JSON is at most 64 levels deep");
    }
    switch (value) {
      case null -> text.append("null");
      case Map<?, ?> map -> members(map, depth);
      case Collection<?> list -> elements(list, depth);
      case Map.Entry<?, ?> pair -> elements(Arrays.asList(pair.getKey(), pair.getValue()), depth);
      case Boolean truth -> text.append(truth);
      case Double number when !Double.isFinite(number) -> text.append("null");
      case Float number when !Float.isFinite(number) -> text.append("null");
      case Number number -> text.append(number);
      default -> quoted(value.toString());
    }
  }

  private void members(Map<?, ?> map, int depth) {
    text.append('{');
    for (Iterator<? extends Map.Entry<?, ?>> all = map.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<?, ?> member = all.next();
      quoted(String.valueOf(member.getKey()));
      text.append(':');
      write(member.getValue(), depth + 1);
      text.append(all.hasNext() ? "," : "");
    }
    text.append('}');
  }

  private void elements(Collection<?> list, int depth) {
    text.append('[');
    for (Iterator<?> all = list.iterator(); all.hasNext(); ) {
      write(all.next(), depth + 1);
      text.append(all.hasNext() ? "," : "");
    }
    text.append(']');
  }

  private void quoted(String string) {
    text.append('"');
    JsonStringEncoder.getInstance().quoteAsString(string, text);
    text.append('"');
  }
}
