// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static dev.postrider.model.event.EventFilter.Comparison.EXACT;
import static dev.postrider.model.event.EventFilter.Comparison.PREFIX;
import static dev.postrider.model.event.EventFilter.Comparison.SUFFIX;

import dev.postrider.model.event.EventFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Filters as JSON, in the API and in snapshots alike: {@code {"exact": {"source": "/a"}}}. */
public final class FilterJson {

  /** How deep filters may stand in each other. */
  public static final int DEEPEST = 8;

  /** How many filters a list may have, and texts a filter with all that stands in it. */
  public static final int MOST = 100;

  /** An attribute (CloudEvents §3.1.1) or a member of the data. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,64}|data(\\.[^.]{1,128}){1,16}");

  private static final int LONGEST_TEXT = 1024;

  private FilterJson() {}

  /**
   * Reads a filter.
   *
   * @throws IllegalArgumentException naming the place within the filter and the rule
   */
  public static EventFilter read(JsonNode json) {
    EventFilter filter = read(json, 1);
    if (filter.size() > MOST) {
      throw new IllegalArgumentException("must look at no more than " + MOST + " texts in all");
    }
    return filter;
  }

  private static EventFilter read(JsonNode json, int depth) {
    if (!(json instanceof ObjectNode object) || object.size() != 1) {
      throw new IllegalArgumentException(
          "must be an object with one dialect: exact, prefix, suffix, all, any or not");
    }
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("must not stand more than " + DEEPEST + " deep");
    }
    Map.Entry<String, JsonNode> only = object.properties().iterator().next();
    try {
      return read(only.getKey(), only.getValue(), depth);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(only.getKey() + ": " + e.getMessage(), e);
    }
  }

  private static EventFilter read(String dialect, JsonNode value, int depth) {
    return switch (dialect) {
      case "exact" -> new EventFilter.Texts(EXACT, texts(value));
      case "prefix" -> new EventFilter.Texts(PREFIX, texts(value));
      case "suffix" -> new EventFilter.Texts(SUFFIX, texts(value));
      case "all" -> new EventFilter.All(filters(value, depth));
      case "any" -> new EventFilter.Any(filters(value, depth));
      case "not" -> new EventFilter.Not(read(value, depth + 1));
      default ->
          throw new IllegalArgumentException(
              "is no dialect; there are exact, prefix, suffix, all, any and not");
    };
  }

  private static Map<String, String> texts(JsonNode value) {
    if (!(value instanceof ObjectNode object) || object.isEmpty()) {
      throw new IllegalArgumentException("must be an object of attributes and their texts");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      texts.put(name(member.getKey()), text(member.getKey(), member.getValue()));
    }
    return texts;
  }

  private static String name(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "an attribute is lower-case letters and digits, a member of the data is data. and its"
              + " path: was '%s'".formatted(name));
    }
    return name;
  }

  private static String text(String name, JsonNode value) {
    if (!value.isString() || value.stringValue().isEmpty()) {
      throw new IllegalArgumentException(name + " must be a string of at least one character");
    }
    if (value.stringValue().length() > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "%s must have at most %d characters".formatted(name, LONGEST_TEXT));
    }
    return value.stringValue();
  }

  private static List<EventFilter> filters(JsonNode value, int depth) {
    if (!value.isArray() || value.isEmpty() || value.size() > MOST) {
      throw new IllegalArgumentException("must be a list of 1 to " + MOST + " filters");
    }
    List<EventFilter> filters = new ArrayList<>();
    value.values().forEach(element -> filters.add(read(element, depth + 1)));
    return filters;
  }

  /** Writes a filter. */
  public static ObjectNode write(EventFilter filter) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (filter) {
      case EventFilter.Texts(var comparison, var texts) ->
          texts.forEach(json.putObject(comparison.name().toLowerCase(Locale.ROOT))::put);
      case EventFilter.All(var filters) -> filters.forEach(each(json, "all"));
      case EventFilter.Any(var filters) -> filters.forEach(each(json, "any"));
      case EventFilter.Not(var inner) -> json.set("not", write(inner));
    }
    return json;
  }

  private static Consumer<EventFilter> each(ObjectNode json, String dialect) {
    var array = json.putArray(dialect);
    return filter -> array.add(write(filter));
  }
}
