// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a JSON object member by member and notes everything that is wrong with it; absent and null
 * members get their default.
 *
 * <p>What was read is written down at once, in normal form: {@link #normal()} is the object with
 * all defaults filled in.
 */
public final class Fields {

  private static final int LONGEST_SEEN = 100;

  private final ObjectNode input;
  private final String path;
  private final Violations violations;
  private final ObjectNode normal = JsonNodeFactory.instance.objectNode();
  private final Set<String> known = new LinkedHashSet<>();

  private Fields(ObjectNode input, String path, Violations violations) {
    this.input = input;
    this.path = path;
    this.violations = violations;
  }

  /** Reads this object; what is wrong with it goes there. */
  public static Fields of(ObjectNode input, Violations violations) {
    return new Fields(input, "", violations);
  }

  /** What was read by now, with all defaults filled in. */
  public ObjectNode normal() {
    return normal;
  }

  /** Notes a broken rule of one member. */
  public void refuse(String name, String rule) {
    violations.add(path + name, path + name + " " + rule);
  }

  /** Notes every member that nobody has asked for. */
  public void refuseUnknown() {
    for (String name : input.propertyNames()) {
      if (!known.contains(name)) {
        refuse(name, "is not a known field");
      }
    }
  }

  /** The member as it is, or null where it is absent or null; it is not written down. */
  public @Nullable JsonNode take(String name) {
    known.add(name);
    JsonNode value = input.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** The text, or the fallback where there is none. */
  public @Nullable String text(String name, @Nullable String fallback) {
    JsonNode value = take(name);
    String text = fallback;
    if (value != null && value.isString()) {
      text = value.stringValue();
    } else if (value != null) {
      refuse(name, "must be a string: was " + seen(value));
    }
    normal.put(name, text);
    return text;
  }

  /** The text, or an empty one where it is wrongly absent. */
  public String requiredText(String name) {
    JsonNode value = take(name);
    String text = value != null && value.isString() ? value.stringValue() : "";
    if (value != null && !value.isString()) {
      refuse(name, "must be a string: was " + seen(value));
    } else if (text.isBlank()) {
      refuse(name, "is required");
    }
    normal.put(name, text);
    return text;
  }

  /** One of the allowed texts. */
  public String oneOf(String name, String fallback, List<String> allowed) {
    JsonNode value = take(name);
    String text = value == null ? fallback : value.isString() ? value.stringValue() : "";
    if (!allowed.contains(text)) {
      refuse(name, "must be one of %s: was %s".formatted(allowed, seen(value)));
    }
    normal.put(name, text);
    return text;
  }

  /** True or false. */
  public boolean truth(String name, boolean fallback) {
    JsonNode value = take(name);
    boolean truth = fallback;
    if (value != null && value.isBoolean()) {
      truth = value.booleanValue();
    } else if (value != null) {
      refuse(name, "must be true or false: was " + seen(value));
    }
    normal.put(name, truth);
    return truth;
  }

  /** A whole number within the bounds. */
  public @Nullable Integer whole(String name, @Nullable Integer fallback, int least, int most) {
    JsonNode value = take(name);
    Integer whole = fallback;
    if (value != null && value.isInt() && value.intValue() >= least && value.intValue() <= most) {
      whole = value.intValue();
    } else if (value != null) {
      refuse(
          name, "must be a whole number from %d to %d: was %s".formatted(least, most, seen(value)));
    }
    normal.put(name, whole);
    return whole;
  }

  /** A number within the bounds, null where there is none. */
  public @Nullable Double number(String name, double above, double most) {
    JsonNode value = take(name);
    Double number = null;
    if (value != null && value.isNumber() && within(value.doubleValue(), above, most)) {
      number = value.doubleValue();
    } else if (value != null) {
      refuse(
          name,
          "must be a number from %s to %s and not 0: was %s".formatted(above, most, seen(value)));
    }
    normal.put(name, number);
    return number;
  }

  /** Enough to be recognised by. */
  private static String seen(@Nullable JsonNode value) {
    String text = String.valueOf(value);
    return text.length() <= LONGEST_SEEN ? text : text.substring(0, LONGEST_SEEN) + "…";
  }

  private static boolean within(double value, double least, double most) {
    return value >= least && value <= most && !(value == 0 && least == 0);
  }

  /** The elements, or none; what is no array, or too long, is noted. */
  public List<JsonNode> list(String name, int most) {
    JsonNode value = take(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray() || value.size() > most) {
      refuse(name, "must be a list of at most %d".formatted(most));
      return List.of();
    }
    return new ArrayList<>(value.values());
  }

  /**
   * The member as an object, not repeated where it is none: it may be a secret. It belongs to the
   * normal form and must be closed by the reader.
   */
  public Fields object(String name) {
    JsonNode value = take(name);
    ObjectNode inner = JsonNodeFactory.instance.objectNode();
    if (value instanceof ObjectNode object) {
      inner = object;
    } else if (value != null) {
      refuse(name, "must be an object");
    }
    Fields fields = new Fields(inner, path + name + ".", violations);
    normal.set(name, fields.normal);
    return fields;
  }

  /** An element of a list as an object; it must be closed by the reader. */
  public Fields element(String name, int index, ObjectNode value) {
    return new Fields(value, path + name + "[" + index + "].", violations);
  }

  /** Writes a member of the normal form down that was read by hand. */
  public void write(String name, JsonNode value) {
    normal.set(name, value);
  }

  /** Accepts only what works today and says so, without what it saw: it may be a secret. */
  public void only(String name, JsonNode allowed) {
    JsonNode value = take(name);
    if (value != null && !value.equals(allowed)) {
      refuse(name, "must be %s; nothing else is offered yet".formatted(allowed));
    }
    normal.set(name, allowed);
  }
}
