// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All inboxes; one comes into being when its name is first used. */
final class Inboxes {

  private final Map<String, Inbox> inboxes = new ConcurrentHashMap<>();

  Inbox named(String name) {
    return inboxes.computeIfAbsent(name, _ -> new Inbox());
  }

  List<Summary> summaries(int most) {
    return inboxes.entrySet().stream()
        .map(inbox -> Summary.of(inbox.getKey(), inbox.getValue()))
        .sorted(Comparator.comparing(Summary::name))
        .limit(most)
        .toList();
  }

  record Summary(String name, long count, boolean keySet, Behaviour behaviour) {
    static Summary of(String name, Inbox inbox) {
      return new Summary(name, inbox.count(), inbox.key().isPresent(), inbox.behaviour());
    }
  }
}
