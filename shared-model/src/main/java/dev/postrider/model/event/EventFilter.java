// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which events a destination wants, beyond their type: the filter dialects of CloudEvents. Texts
 * are compared as they are, case included. What an event does not have matches nothing; so only
 * {@link Not} can ask for something to be absent.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/main/subscriptions/spec.md">CloudEvents
 *     Subscriptions, "Filters"</a>
 */
public sealed interface EventFilter {

  /** What a filter looks at. */
  @FunctionalInterface
  interface Subject {

    /**
     * The text of an attribute, or of a member of the data that is named by {@code data.} and its
     * path; null where there is none.
     */
    @Nullable String text(String name);
  }

  /** Whether an event is wanted. */
  boolean matches(Subject event);

  /** Why an event is not wanted, for people; empty where it is. */
  Optional<String> objection(Subject event);

  /** How many texts it looks at, at most. */
  int size();

  /** How a text must fit what is wanted. */
  enum Comparison {
    /** It is that. */
    EXACT("be"),
    /** It begins with that. */
    PREFIX("begin with"),
    /** It ends with that. */
    SUFFIX("end with");

    private final String must;

    Comparison(String must) {
      this.must = must;
    }

    private boolean fits(String has, String wanted) {
      return switch (this) {
        case EXACT -> has.equals(wanted);
        case PREFIX -> has.startsWith(wanted);
        case SUFFIX -> has.endsWith(wanted);
      };
    }
  }

  /**
   * All of these texts must fit.
   *
   * @param texts what is looked at, and what it must fit
   */
  record Texts(Comparison comparison, Map<String, String> texts) implements EventFilter {

    /** Refuses to look at nothing. */
    public Texts {
      if (texts.isEmpty() || texts.containsValue("")) {
        throw new IllegalArgumentException("must name at least one attribute, each with a text");
      }
      texts = AttributeMap.copyOf(texts);
    }

    @Override
    public boolean matches(Subject event) {
      for (Map.Entry<String, String> wanted : texts.entrySet()) {
        if (!fits(event.text(wanted.getKey()), wanted.getValue())) {
          return false;
        }
      }
      return true;
    }

    private boolean fits(@Nullable String has, String wanted) {
      return has != null && comparison.fits(has, wanted);
    }

    @Override
    public Optional<String> objection(Subject event) {
      return texts.entrySet().stream()
          .filter(wanted -> !fits(event.text(wanted.getKey()), wanted.getValue()))
          .map(wanted -> objection(wanted, event.text(wanted.getKey())))
          .findFirst();
    }

    private String objection(Map.Entry<String, String> wanted, @Nullable String has) {
      return "%s must %s '%s' and %s"
          .formatted(
              wanted.getKey(),
              comparison.must,
              wanted.getValue(),
              has == null ? "is absent" : "is '" + has + "'");
    }

    @Override
    public int size() {
      return texts.size();
    }
  }

  /** Every one of these matches. */
  record All(List<EventFilter> filters) implements EventFilter {

    /** Refuses none at all. */
    public All {
      filters = checked(filters);
    }

    @Override
    public boolean matches(Subject event) {
      for (EventFilter filter : filters) {
        if (!filter.matches(event)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public Optional<String> objection(Subject event) {
      return filters.stream().flatMap(filter -> filter.objection(event).stream()).findFirst();
    }

    @Override
    public int size() {
      return filters.stream().mapToInt(EventFilter::size).sum();
    }
  }

  /** At least one of these matches. */
  record Any(List<EventFilter> filters) implements EventFilter {

    /** Refuses none at all. */
    public Any {
      filters = checked(filters);
    }

    @Override
    public boolean matches(Subject event) {
      for (EventFilter filter : filters) {
        if (filter.matches(event)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public Optional<String> objection(Subject event) {
      List<String> objections = new ArrayList<>();
      for (EventFilter filter : filters) {
        Optional<String> objection = filter.objection(event);
        if (objection.isEmpty()) {
          return objection;
        }
        objections.add(objection.get());
      }
      return Optional.of("none of these fits: " + String.join("; ", objections));
    }

    @Override
    public int size() {
      return filters.stream().mapToInt(EventFilter::size).sum();
    }
  }

  /** This does not match. */
  record Not(EventFilter filter) implements EventFilter {

    @Override
    public boolean matches(Subject event) {
      return !filter.matches(event);
    }

    @Override
    public Optional<String> objection(Subject event) {
      return filter.matches(event)
          ? Optional.of("it fits what is not wanted: " + filter)
          : Optional.empty();
    }

    @Override
    public int size() {
      return filter.size();
    }
  }

  private static List<EventFilter> checked(List<EventFilter> filters) {
    if (filters.isEmpty()) {
      throw new IllegalArgumentException("must have at least one filter");
    }
    return List.copyOf(filters);
  }
}
