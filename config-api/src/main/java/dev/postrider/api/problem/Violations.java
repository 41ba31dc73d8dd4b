// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Collects all that is wrong with an input, so that the caller hears it at once. */
public final class Violations {

  private final List<Violation> found = new ArrayList<>();
  private @Nullable String decisive;

  /** Notes one. */
  public void add(String field, String message) {
    found.add(new Violation(field, message));
  }

  /** Notes one, unless there is one of the field: what was left out for that is not missing. */
  public void addUnlessNamed(String field, String message) {
    if (found.stream().noneMatch(one -> one.field().equals(field))) {
      add(field, message);
    }
  }

  /** Notes one that is the whole detail of the problem, whatever else is found later. */
  public void addDecisive(String field, String message) {
    add(field, message);
    decisive = decisive == null ? message : decisive;
  }

  /** Whether nothing is wrong. */
  public boolean none() {
    return found.isEmpty();
  }

  /** How many there are by now. */
  public int count() {
    return found.size();
  }

  /** What was found by now. */
  public List<Violation> all() {
    return List.copyOf(found);
  }

  /** Throws a 400 with all of them, or returns when there are none. */
  public void refuse() {
    if (none()) {
      return;
    }
    String all = found.stream().map(Violation::message).collect(Collectors.joining("; "));
    throw Problem.invalid(decisive == null ? all : decisive, found);
  }
}
