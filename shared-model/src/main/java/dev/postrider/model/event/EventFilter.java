// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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

  /** Any of the names that the filter looks at. */
  Stream<String> names();

  /** A filter over texts: all of them must fit. */
  sealed interface OfTexts extends EventFilter {

    /** What is looked at, and what it must fit. */
    Map<String, String> texts();

    /** Whether what the event has fits what is wanted. */
    boolean fits(String has, String wanted);

    /** As in {@code must begin with}. */
    String must();

    @Override
    default boolean matches(Subject event) {
      for (Map.Entry<String, String> wanted : texts().entrySet()) {
        String has = event.text(wanted.getKey());
        if (has == null || !fits(has, wanted.getValue())) {
          return false;
        }
      }
      return true;
    }

    @Override
    default Optional<String> objection(Subject event) {
      return texts().entrySet().stream()
          .flatMap(wanted -> objection(wanted, event.text(wanted.getKey())).stream())
          .findFirst();
    }

    private Optional<String> objection(Map.Entry<String, String> wanted, @Nullable String has) {
      if (has != null && fits(has, wanted.getValue())) {
        return Optional.empty();
      }
      String was = has == null ? "is absent" : "is '" + has + "'";
      return Optional.of(
          "%s must %s '%s' and %s".formatted(wanted.getKey(), must(), wanted.getValue(), was));
    }

    @Override
    default Stream<String> names() {
      return texts().keySet().stream();
    }
  }

  /** Each text is exactly this. */
  record Exact(Map<String, String> texts) implements OfTexts {

    /** Refuses to look at nothing. */
    public Exact {
      texts = checked(texts);
    }

    @Override
    public boolean fits(String has, String wanted) {
      return has.equals(wanted);
    }

    @Override
    public String must() {
      return "be";
    }
  }

  /** Each text begins with this. */
  record Prefix(Map<String, String> texts) implements OfTexts {

    /** Refuses to look at nothing. */
    public Prefix {
      texts = checked(texts);
    }

    @Override
    public boolean fits(String has, String wanted) {
      return has.startsWith(wanted);
    }

    @Override
    public String must() {
      return "begin with";
    }
  }

  /** Each text ends with this. */
  record Suffix(Map<String, String> texts) implements OfTexts {

    /** Refuses to look at nothing. */
    public Suffix {
      texts = checked(texts);
    }

    @Override
    public boolean fits(String has, String wanted) {
      return has.endsWith(wanted);
    }

    @Override
    public String must() {
      return "end with";
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
    public Stream<String> names() {
      return filters.stream().flatMap(EventFilter::names);
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
    public Stream<String> names() {
      return filters.stream().flatMap(EventFilter::names);
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
    public Stream<String> names() {
      return filter.names();
    }
  }

  private static Map<String, String> checked(Map<String, String> texts) {
    if (texts.isEmpty() || texts.containsValue("")) {
      throw new IllegalArgumentException("must name at least one attribute, each with a text");
    }
    return AttributeMap.copyOf(texts);
  }

  private static List<EventFilter> checked(List<EventFilter> filters) {
    if (filters.isEmpty()) {
      throw new IllegalArgumentException("must have at least one filter");
    }
    return List.copyOf(filters);
  }
}
