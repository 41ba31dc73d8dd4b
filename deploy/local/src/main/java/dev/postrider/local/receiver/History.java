// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The newest requests of all inboxes together, as many as fit into a given amount of memory. */
final class History {

  private final int capacity;
  private final Deque<Received> requests = new ArrayDeque<>();
  private int weight;

  /**
   * @param capacity in bytes, roughly
   */
  History(int capacity) {
    this.capacity = capacity;
  }

  synchronized void add(Received request) {
    requests.addLast(request);
    weight += request.weight();
    while (weight > capacity) {
      weight -= requests.removeFirst().weight();
    }
  }

  /** Oldest first. */
  synchronized List<Received> of(String name) {
    return requests.stream().filter(request -> request.name().equals(name)).toList();
  }

  /** Newest first. */
  synchronized List<Received> newest(int most) {
    var newestFirst = requests.reversed();
    return newestFirst.stream().limit(most).toList();
  }

  synchronized void clear(String name) {
    requests.removeIf(request -> request.name().equals(name));
    weight = requests.stream().mapToInt(Received::weight).sum();
  }
}
