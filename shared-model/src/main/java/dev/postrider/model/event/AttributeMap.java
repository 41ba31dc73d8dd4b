// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.event;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one event: immutable, in the publisher's order. An event has about ten, so
 * looking through them is as quick as hashing, and one array is all that stays in memory for each
 * of the many events that are on their way at a time.
 */
final class AttributeMap extends AbstractMap<String, String> {

  private final String[] namesAndTexts;

  private AttributeMap(String[] namesAndTexts) {
    this.namesAndTexts = namesAndTexts;
  }

  /** A copy; the map itself if it is one already. */
  static Map<String, String> copyOf(Map<String, String> attributes) {
    if (attributes instanceof AttributeMap same) {
      return same;
    }
    String[] namesAndTexts = new String[2 * attributes.size()];
    int at = 0;
    for (Entry<String, String> entry : attributes.entrySet()) {
      namesAndTexts[at++] = entry.getKey();
      namesAndTexts[at++] = entry.getValue();
    }
    return new AttributeMap(namesAndTexts);
  }

  static Map<String, String> with(Map<String, String> attributes, String name, String text) {
    Map<String, String> changed = new LinkedHashMap<>(attributes);
    changed.put(name, text);
    return copyOf(changed);
  }

  @Override
  public @Nullable String get(@Nullable Object name) {
    for (int at = 0; at < namesAndTexts.length; at += 2) {
      if (namesAndTexts[at].equals(name)) {
        return namesAndTexts[at + 1];
      }
    }
    return null;
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return get(name) != null;
  }

  @Override
  public int size() {
    return namesAndTexts.length / 2;
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super String> action) {
    for (int at = 0; at < namesAndTexts.length; at += 2) {
      action.accept(namesAndTexts[at], namesAndTexts[at + 1]);
    }
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<String, String>> iterator() {
        return IntStream.range(0, AttributeMap.this.size())
            .mapToObj(i -> Map.entry(namesAndTexts[2 * i], namesAndTexts[2 * i + 1]))
            .iterator();
      }

      @Override
      public int size() {
        return AttributeMap.this.size();
      }
    };
  }
}
