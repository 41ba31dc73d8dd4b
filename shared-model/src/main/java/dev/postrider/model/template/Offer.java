// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.template;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.lib.Importable;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of Jinja a template may use, by name. What Jinjava gains with a later version is not offered
 * by itself. Left out on purpose are tags that read other templates, filters that render, parse or
 * log, and those that make much of little, such as {@code center(1000000000)}.
 */
final class Offer {

  private static final Set<String> TAGS =
      Set.of(
          "if",
          "elif",
          "else",
          "endif",
          "for",
          "endfor",
          "break",
          "continue",
          "set",
          "endset",
          "macro",
          "endmacro",
          "raw",
          "endraw");
  private static final Set<String> FUNCTIONS = Set.of(":range");
  private static final Set<String> FILTERS =
      Set.of(
          "abs",
          "b64decode",
          "b64encode",
          "capitalize",
          "count",
          "d",
          "default",
          "dictsort",
          "e",
          "escape",
          "first",
          "float",
          "int",
          "join",
          "last",
          "length",
          "list",
          "lower",
          "map",
          "reject",
          "rejectattr",
          "replace",
          "reverse",
          "round",
          "select",
          "selectattr",
          "sort",
          "split",
          "string",
          "title",
          "tojson",
          "trim",
          "truncate",
          "unique",
          "upper",
          "urlencode");

  private Offer() {}

  /** The names that every template starts with; shared, so never written to afterwards. */
  static Context context() {
    Context all = new Context();
    Context offered =
        new Context(
            null,
            null,
            Map.of(
                Library.TAG, others(all.getAllTags(), TAGS),
                Library.FUNCTION, others(all.getAllFunctions(), FUNCTIONS),
                Library.FILTER, others(all.getAllFilters(), FILTERS)));
    List<Filter> theirs = List.copyOf(offered.getAllFilters());
    theirs.forEach(filter -> offered.registerFilter(OwnFilters.guarded(filter)));
    OwnFilters.all().forEach(offered::registerFilter);
    offered.getGlobalMacros(); // makes the map that a first look would make otherwise
    return offered;
  }

  private static Set<String> others(Collection<? extends Importable> all, Set<String> offered) {
    return all.stream()
        .map(Importable::getName)
        .filter(name -> !offered.contains(name))
        .collect(Collectors.toUnmodifiableSet());
  }

  static boolean hasFilter(String name) {
    return FILTERS.contains(name);
  }

  static boolean hasFunction(String name) {
    return FUNCTIONS.contains(":" + name);
  }
}
